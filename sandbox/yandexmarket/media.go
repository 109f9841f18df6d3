package yandexmarket

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

const filesHost = "files.messenger.yandex.net"

// link is the address of a chat's attachment. It works with the cabinet's credentials and for Options.LinkLife.
func (e *Emulator) link(r *http.Request, f sandbox.File) string {
	until := "0"
	if e.opt.LinkLife > 0 {
		until = strconv.FormatInt(e.world.Now(r).Add(e.opt.LinkLife).Unix(), 10)
	}
	return e.filesBase(r) + "/chat/" + f.ID.String() + "?until=" + until
}

// photo is the address of a review's picture, open to everybody.
func (e *Emulator) photo(r *http.Request, f sandbox.File) string {
	return e.filesBase(r) + "/photo/" + f.ID.String() + "/" + url.PathEscape(f.Name)
}

func (e *Emulator) filesBase(r *http.Request) string {
	if base := sandbox.Base(r); base != "" {
		return base + "/yandexmarket/files"
	}
	return "https://" + filesHost
}

// media gives out files.
type media struct{ *Emulator }

// service gives out attachments and pictures.
func (e media) service() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /chat/{id}", e.attachment)
	mux.HandleFunc("GET /photo/{id}/{name}", func(rw http.ResponseWriter, r *http.Request) {
		id, err := sandbox.ParseID(r.PathValue("id"))
		for _, a := range e.world.Accounts(API) {
			if f, ok := a.Board(sandbox.KindReview).File(id); ok && err == nil {
				give(rw, f)
				return
			}
		}
		http.NotFound(rw, r)
	})
	return mux
}

func (e media) attachment(rw http.ResponseWriter, r *http.Request) {
	id, err := sandbox.ParseID(r.PathValue("id"))
	if err != nil {
		http.NotFound(rw, r)
		return
	}
	accounts := e.world.Accounts(API)
	if !e.opt.OpenLinks {
		accounts = nil
		if who, _, why := e.authorize(r); why == "" {
			accounts = []*sandbox.Account{who.account}
		}
	}
	if accounts == nil {
		http.Error(rw, "Forbidden", http.StatusForbidden)
		return
	}
	until, _ := strconv.ParseInt(r.URL.Query().Get("until"), 10, 64)
	if sandbox.EffectsOf(r).ExpireLink || until > 0 && e.world.Now(r).Unix() >= until {
		http.Error(rw, "Gone", http.StatusGone)
		return
	}
	for _, a := range accounts {
		if f, ok := a.File(id); ok {
			give(rw, f)
			return
		}
	}
	http.NotFound(rw, r)
}

func give(rw http.ResponseWriter, f sandbox.File) {
	content := f.Content()
	h := rw.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Length", fmt.Sprint(len(content)))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	_, _ = rw.Write(content) // the other side is gone
}
