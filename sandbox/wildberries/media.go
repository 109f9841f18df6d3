package wildberries

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// The hosts of photos and videos of reviews and claims.
const (
	reviewPhotoHost = "feedback04.wbbasket.ru"
	reviewVideoHost = "videofeedback01.wbbasket.ru"
	claimPhotoHost  = "photos.wbstatic.net"
	claimVideoHost  = "video.wbstatic.net"
)

// mediaBase is the address of a host of media: its real one, or the path beside the one that the request came by.
func mediaBase(r *http.Request, host, path string) string {
	if base := sandbox.Base(r); base != "" {
		return base + path
	}
	return "https://" + host
}

// wireMedia adds photos and video to a review. The links end in .webp as since March 2026;
// what they give are JPEG and PNG, told by the content type, since the standard library cannot write WebP.
func (h feedbackHost) wireMedia(c *call, p sandbox.Post, w *review) {
	base := mediaBase(c.r, reviewPhotoHost, "/review-photos")
	for _, f := range p.Files {
		at := fmt.Sprintf("%s/vol%d/part%d/%s/photos/", base, int(f.ID[0])<<4|int(f.ID[1])>>4, int(f.ID[0])<<8|int(f.ID[1]), f.ID)
		w.PhotoLinks = append(w.PhotoLinks, photoLink{at + "fs.webp", at + "ms.webp"})
	}
	if p.Video > 0 {
		at := mediaBase(c.r, reviewVideoHost, "/review-videos") + "/" + p.ID.String()
		w.Video = &videoLink{at + "/preview.webp", at + "/index.m3u8", int(p.Video.Seconds())}
	}
}

// claimMedia adds photos and video to a claim. The links have no scheme.
func (h returnsHost) claimMedia(c *call, p sandbox.Post, w *claim) {
	bare := func(link string) string { return link[strings.Index(link, "//"):] }
	for i, f := range p.Files[:min(len(p.Files), 10)] {
		w.Photos = append(w.Photos, fmt.Sprintf("%s/claim/%s/%d.webp", bare(mediaBase(c.r, claimPhotoHost, "/claim-photos")), f.ID, i+1))
	}
	if p.Video > 0 {
		w.VideoPaths = append(w.VideoPaths, fmt.Sprintf("%s/claim/%s/1.mp4", bare(mediaBase(c.r, claimVideoHost, "/claim-videos")), p.ID))
	}
}

// mediaHosts are the hosts of photos and videos.
type mediaHosts struct{ *Emulator }

// services are the hosts of media. Like the links of chats they need no token and have no limits.
func (h mediaHosts) services() []sandbox.Service {
	serve := func(pattern string, give func(http.ResponseWriter, *http.Request, sandbox.ID) bool) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc(pattern, func(rw http.ResponseWriter, r *http.Request) {
			id, err := sandbox.ParseID(r.PathValue("id"))
			if err != nil || sandbox.EffectsOf(r).ExpireLink || !give(rw, r, id) {
				http.Error(rw, "404 Not Found", http.StatusNotFound)
			}
		})
		return h.rest(mux)
	}
	return []sandbox.Service{
		{Host: reviewPhotoHost, Prefix: "/wildberries/review-photos", Handler: serve("GET /{vol}/{part}/{id}/photos/{name}", h.photo(sandbox.KindReview))},
		{Host: claimPhotoHost, Prefix: "/wildberries/claim-photos", Handler: serve("GET /claim/{id}/{name}", h.photo(sandbox.KindClaim))},
		{Host: reviewVideoHost, Prefix: "/wildberries/review-videos", Handler: serve("GET /{id}/{name}", h.reviewVideo)},
		{Host: claimVideoHost, Prefix: "/wildberries/claim-videos", Handler: serve("GET /claim/{id}/{name}", h.claimVideo)},
	}
}

func (h mediaHosts) photo(kind sandbox.Kind) func(http.ResponseWriter, *http.Request, sandbox.ID) bool {
	return func(rw http.ResponseWriter, _ *http.Request, id sandbox.ID) bool {
		for _, a := range h.world.Accounts(API) {
			if f, ok := a.Board(kind).File(id); ok && isPicture(f) {
				sendFile(rw, f)
				return true
			}
		}
		return false
	}
}

// filmed finds a review or claim with a video.
func (h mediaHosts) filmed(kind sandbox.Kind, id sandbox.ID) (sandbox.Post, bool) {
	for _, a := range h.world.Accounts(API) {
		if p, ok := a.Board(kind).Post(id); ok && p.Video > 0 {
			return p, true
		}
	}
	return sandbox.Post{}, false
}

const segmentSeconds = 4

// reviewVideo gives a placeholder: a right playlist with segments of empty transport packets, and a picture of the product.
func (h mediaHosts) reviewVideo(rw http.ResponseWriter, r *http.Request, id sandbox.ID) bool {
	p, ok := h.filmed(sandbox.KindReview, id)
	if !ok {
		return false
	}
	switch name := r.PathValue("name"); {
	case name == "preview.webp":
		sendBytes(rw, "image/png", p.Product.Picture())
	case name == "index.m3u8":
		var list strings.Builder
		fmt.Fprintf(&list, "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:%d\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n", segmentSeconds)
		for left, i := int(p.Video.Seconds()), 0; left > 0; left, i = left-segmentSeconds, i+1 {
			fmt.Fprintf(&list, "#EXTINF:%d.0,\n%03d.ts\n", min(left, segmentSeconds), i)
		}
		list.WriteString("#EXT-X-ENDLIST\n")
		sendBytes(rw, "application/vnd.apple.mpegurl", []byte(list.String()))
	case strings.HasSuffix(name, ".ts"):
		packet := make([]byte, 188)
		copy(packet, "\x47\x1f\xff\x10") // a null packet
		sendBytes(rw, "video/mp2t", packet)
	default:
		return false
	}
	return true
}

// claimVideo gives a placeholder: a file that is an empty MP4.
func (h mediaHosts) claimVideo(rw http.ResponseWriter, _ *http.Request, id sandbox.ID) bool {
	if _, ok := h.filmed(sandbox.KindClaim, id); !ok {
		return false
	}
	sendBytes(rw, "video/mp4", []byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2\x00\x00\x00\x08free"))
	return true
}

func sendBytes(rw http.ResponseWriter, kind string, content []byte) {
	h := rw.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = rw.Write(content) // the other side is gone
}
