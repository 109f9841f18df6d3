package wildberries

import (
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// basketHost serves the direct links of attachments.
const basketHost = "chat-basket-01.wbbasket.ru"

// download answers a file by its id: 202 while it is moderated, then the bytes or 451.
func (e *Emulator) download(c *call) {
	id, err := sandbox.ParseID(c.r.PathValue("id"))
	if err != nil {
		c.refuse("application/json", "invalid fileID", "invalid fileID")
		return
	}
	f, ok := c.account.File(id)
	if !ok {
		c.refuse("application/json", "invalid fileID", "invalid fileID")
		return
	}
	if left := e.opt.Moderation - e.world.Clock().Now().Sub(f.At()); left > 0 && e.opt.Moderation > 0 {
		c.json(http.StatusAccepted, map[string]any{"moderationState": "pending", "retrySeconds": max(1, wholeSeconds(left))})
		return
	}
	if f.Refused() {
		c.fine()
		writeJSON(c.rw, http.StatusUnavailableForLegalReasons, "application/problem+json", chatProblem{
			Status: http.StatusUnavailableForLegalReasons, Title: http.StatusText(http.StatusUnavailableForLegalReasons),
			Origin: "proxy-chats", Detail: "moderation error", RequestID: e.tickets.next(c.r),
		})
		return
	}
	sendFile(c.rw, f)
}

func sendFile(rw http.ResponseWriter, f sandbox.File) {
	content := f.Content()
	h := rw.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = rw.Write(content) // the other side is gone
}

var endings = map[string]string{"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}

// link is the direct address of a file on the host of links, or under the prefix beside the one the request came by.
func link(r *http.Request, f sandbox.File) string {
	base := sandbox.Base(r)
	if base == "" {
		base = "https://" + basketHost
	} else {
		base += "/basket"
	}
	id, ending := f.ID.String(), endings[f.Type]
	return fmt.Sprintf("%s/vol0/part%d/%s/%s/%s.%s", base, int(f.ID[0])<<4|int(f.ID[1])>>4, id, ending, id, ending)
}

// basket serves direct links, without a token and without limits, and product pictures.
func (e *Emulator) basket() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /vol0/{part}/{id}/{kind}/{name}", e.direct)
	return e.rest(mux)
}

func (e *Emulator) direct(rw http.ResponseWriter, r *http.Request) {
	id, err := sandbox.ParseID(r.PathValue("id"))
	if err != nil || sandbox.EffectsOf(r).ExpireLink || !strings.HasPrefix(r.PathValue("name"), id.String()) {
		http.Error(rw, "404 Not Found", http.StatusNotFound)
		return
	}
	for _, a := range e.world.Accounts(API) {
		if f, ok := a.File(id); ok && !f.Refused() {
			sendFile(rw, f)
			return
		}
	}
	http.Error(rw, "404 Not Found", http.StatusNotFound)
}
