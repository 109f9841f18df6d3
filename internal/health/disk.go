package health

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

const (
	// littleDisk is less than a person should have to worry about, noDisk less
	// than the database needs to go on, both in bytes.
	littleDisk = 1 << 30
	noDisk     = 32 << 20
	// triedEvery is how often it is tried at most whether a folder can be written
	// to: a test writes to the disk.
	triedEvery = 5 * time.Second
)

// Disk looks at the folder of the data. Its zero fields ask the system.
type Disk struct {
	Dir string
	// Free tells how many bytes an ordinary user may still write; nil: [FreeDisk].
	Free func(dir string) (int64, error)
	// Try writes a little into the folder; nil: a file that is removed at once.
	Try func(dir string) error

	mu    sync.Mutex // guards what follows
	tried time.Time
	last  error
}

// Look gives what a person should know of the disk: one finding.
func (d *Disk) Look(now time.Time) sellerdesk.Finding {
	free, err := d.free()
	wrong := d.try(now)
	switch {
	case wrong != nil && !errors.Is(wrong, syscall.ENOSPC) && !errors.Is(wrong, syscall.EDQUOT):
		return Find("disk", sellerdesk.FindingFail, sellerdesk.CauseDiskReadOnly, d.Dir)
	case wrong != nil, err == nil && free < noDisk:
		return Find("disk", sellerdesk.FindingFail, sellerdesk.CauseDiskFull, d.Dir, room(free))
	case err == nil && free < littleDisk:
		return Find("disk", sellerdesk.FindingWarn, sellerdesk.CauseDiskLittle, d.Dir, room(free))
	case err != nil:
		return Fine("disk", "В папку данных можно писать", "The data folder can be written to")
	}
	left := room(free)
	return Fine("disk", "Места на диске достаточно: "+left.RU, "There is room on the disk: "+left.EN)
}

func (d *Disk) free() (int64, error) {
	if d.Free != nil {
		return d.Free(d.Dir)
	}
	return FreeDisk(d.Dir)
}

// try tells why the folder cannot be written to; nil when it can.
func (d *Disk) try(now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if since := now.Sub(d.tried); !d.tried.IsZero() && since >= 0 && since < triedEvery {
		return d.last
	}
	write := d.Try
	if write == nil {
		write = writeALittle
	}
	d.tried, d.last = now, write(d.Dir)
	return d.last
}

// writeALittle writes a page, which a full disk has no room for.
func writeALittle(dir string) error {
	f, err := os.CreateTemp(dir, ".writable-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 4096))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

const (
	// backupStamp is the file whose age is that of the last copy of the data.
	backupStamp = "backup.stamp"
	backupOld   = 8 * 24 * time.Hour
)

// Backup tells of the last copy of the data, by the file that whoever makes it
// touches.
func (d *Disk) Backup(now time.Time) sellerdesk.Finding {
	path := filepath.Join(d.Dir, backupStamp)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err != nil {
		return Find("backup", sellerdesk.FindingWarn, sellerdesk.CauseBackupNone, path)
	}
	age := now.Sub(info.ModTime())
	if age > backupOld {
		return Find("backup", sellerdesk.FindingWarn, sellerdesk.CauseBackupOld, span(age))
	}
	old := span(age)
	return Fine("backup", "Последняя резервная копия: "+old.RU+" назад", "The last backup is "+old.EN+" old")
}
