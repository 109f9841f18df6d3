package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os/exec"
	"strconv"
	"time"

	"golang.org/x/image/draw"
)

// Bounds of drawing with programs of others. They read what strangers sent, so
// that they get little time and memory, write no file and know nothing of our
// environment.
const (
	maxPage     = 800 // pixels of the longer side of a page, so that it can be read
	maxPicture  = 8 << 20
	programWait = 10 * time.Second
	// previewWait is how long a preview may wait for its turn and be drawn. Without
	// one the file is kept all the same.
	previewWait = 20 * time.Second
)

var errOutput = errors.New("the program gave more bytes than allowed")

// program draws a file of some type as a JPEG on its output.
type program struct {
	path   string // "" where it is not installed
	memory int    // kilobytes of addresses
	args   []string
	wait   time.Duration
	side   int // pixels of the longer side of what it draws
}

// programs finds what is installed: pdftoppm (Poppler) for the first page of a
// PDF, ffmpeg for a picture of a film.
func programs() map[string]program {
	page := program{
		path: installed("pdftoppm"), memory: 1 << 20, wait: programWait, side: maxPage,
		args: []string{"-q", "-f", "1", "-l", "1", "-singlefile", "-scale-to", strconv.Itoa(maxPage), "-jpeg"},
	}
	// The container is named, since a list of addresses would be followed
	// otherwise.
	film := func(container string) program {
		side := strconv.Itoa(maxThumbnail)
		return program{
			path: installed("ffmpeg"), memory: 2 << 20, wait: programWait, side: maxThumbnail,
			args: []string{
				"-nostdin", "-v", "quiet", "-threads", "1", "-protocol_whitelist", "file", "-f", container,
				"-i", inputPlace, "-an", "-sn", "-dn", "-frames:v", "1", "-threads", "1",
				"-vf", "thumbnail=12,scale='min(" + side + ",iw)':'min(" + side + ",ih)':force_original_aspect_ratio=decrease",
				"-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "4", "pipe:1",
			},
		}
	}
	mov, matroska := film("mov"), film("matroska")
	return map[string]program{
		"application/pdf": page,
		"video/mp4":       mov, "video/x-m4v": mov, "video/quicktime": mov, "video/3gpp": mov, "video/3gpp2": mov,
		"video/webm": matroska, "video/x-matroska": matroska,
	}
}

// inputPlace stands in the arguments of a program for the file; at the end of them
// where it is not named.
const inputPlace = "{}"

// installed finds a program and what bounds it; "" where one of them is missing.
func installed(name string) string {
	if _, err := exec.LookPath(shell); err != nil {
		return ""
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}

// shell bounds a program before it becomes it: addresses, seconds of work, no
// files and no memory dumps. What it is asked to do comes as arguments, never as
// a text of its language.
const (
	shell  = "/bin/sh"
	bounds = `ulimit -v "$1" && ulimit -t "$2" && ulimit -f 0 && ulimit -c 0 || exit 1; shift 2; exec "$@"`
)

// preview draws what another program can draw, and keeps the small picture. No
// picture is no error.
func (d *Dir) preview(ctx context.Context, path string, blob *Blob) error {
	p, ok := d.programs[blob.Type]
	if !ok || p.path == "" {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, previewWait)
	defer cancel()
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-limited.Done():
		return ctx.Err()
	}
	drawn, err := p.draw(limited, path, d.temp())
	if err != nil {
		return ctx.Err() // it is damaged, locked or too much work
	}
	small, err := decodeDrawn(drawn, p.side)
	if err != nil {
		return nil
	}
	blob.Thumbnail, err = d.keepThumbnail(ctx, small)
	return err
}

// draw runs the program on a file and gives what it wrote.
func (p program) draw(ctx context.Context, file, folder string) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, p.wait)
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	args := []string{"-c", bounds, "sh", strconv.Itoa(p.memory), strconv.Itoa(int(p.wait/time.Second) + 1), p.path}
	named := false
	for _, a := range p.args {
		if a == inputPlace {
			a, named = file, true
		}
		args = append(args, a)
	}
	if !named {
		args = append(args, file)
	}
	out := &limitedBuffer{left: maxPicture, over: func() { cancel(errOutput) }}
	c := exec.CommandContext(ctx, shell, args...)
	c.Env, c.Dir, c.Stdout, c.WaitDelay = []string{"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent"}, folder, out, time.Second
	if err := errors.Join(c.Run(), context.Cause(ctx)); err != nil {
		return nil, fmt.Errorf("run %s: %w", p.path, err)
	}
	return out.kept.Bytes(), nil
}

// limitedBuffer takes a bounded number of bytes and says when there are more.
type limitedBuffer struct {
	kept bytes.Buffer // not embedded: its ReadFrom knows no bound
	left int
	over func()
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		b.over() // it would go on waiting for us to read
		return 0, errOutput
	}
	return b.kept.Write(p)
}

// decodeDrawn reads what a program drew as carefully as a picture of a stranger,
// since the program may have been talked into something.
func decodeDrawn(b []byte, side int) (small image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errBroken, p)
		}
	}()
	dec, _ := decoderOf("image/jpeg")
	c, err := dec.config(bytes.NewReader(b))
	if err != nil || c.Width < 1 || c.Height < 1 || max(c.Width, c.Height) > side+1 {
		return nil, errBroken
	}
	full, err := dec.decode(bytes.NewReader(b))
	if err != nil {
		return nil, errBroken
	}
	out := image.NewNRGBA(full.Bounds())
	draw.Draw(out, out.Bounds(), full, full.Bounds().Min, draw.Src)
	return out, nil
}
