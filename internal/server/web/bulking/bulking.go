package bulking

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Path is the page of all jobs.
const Path = "/jobs"

// View is what every screen knows about the one who looks at it.
type View = frame.View

// screens is what the handlers work with.
type screens struct {
	frame.Host
	desk  *desk.Desk
	store *store.Store
	now   func() sellerdesk.Time
}

// Mount mounts the screens.
func Mount(h frame.Host) {
	d := h.Server.Deps()
	s := screens{Host: h, desk: d.Desk, store: d.Store, now: func() sellerdesk.Time { return sellerdesk.At(d.Clock.Now()) }}
	s.guarded("POST /ui/bulk/count", s.count)
	s.guarded("POST /ui/bulk/dialog", s.dialog)
	s.guarded("POST /ui/bulk/preview", s.preview)
	s.guarded("POST /ui/bulk", s.start)
	s.guarded("GET /ui/jobs", s.panel)
	s.guarded("POST /ui/jobs/{id}/{verb}", s.steer)
	s.guarded("GET "+Path, s.list)
	s.guarded("GET "+Path+"/{id}", s.one)
}

// guarded mounts a route for those who may do something to many somewhere.
func (s screens) guarded(pattern string, h frame.Handler) {
	s.Person(pattern, func(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
		if !sellerdesk.AccessOf(r.Context()).MaySomewhere(sellerdesk.RightBulk) {
			return sellerdesk.Allow(r.Context(), sellerdesk.RightBulk, 0)
		}
		return h(w, r, user)
	})
}

// count tells how many match the filter of the list.
func (s screens) count(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	a, err := s.read(r, user)
	if err != nil {
		return err
	}
	a.Action, a.Texts, a.Templates = sellerdesk.ActionMarkRead, nil, nil // the one that needs the least
	p, err := s.desk.Jobs.Preview(r.Context(), a.BulkInput)
	if err != nil {
		return s.refuse(w, r, user, err)
	}
	say(w, http.StatusOK, strconv.Itoa(p.Total))
	return nil
}

// dialog asks how an action is to be done, and shows what will happen.
func (s screens) dialog(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v := s.View(r, user)
	a, err := s.read(r, user)
	if err != nil {
		return s.refuse(w, r, user, err)
	}
	d := dialogView{asked: a}
	if d.Total, d.Samples, d.Takes, err = s.look(r.Context(), v, a); err != nil {
		return s.refuse(w, r, user, err)
	}
	if d.Choices, err = s.choices(r.Context(), v, a); err != nil {
		return err
	}
	return s.Part(w, r, http.StatusOK, dialogPart(v, d))
}

// preview shows how the texts will read, as they are typed.
func (s screens) preview(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v := s.View(r, user)
	a, err := s.read(r, user)
	if err != nil {
		return s.refuse(w, r, user, err)
	}
	d := dialogView{asked: a}
	if len(a.Sample) > 0 {
		_, d.Samples, _, err = s.look(r.Context(), v, a.sampled())
	}
	if err != nil {
		d.Wrong, _, _ = s.Wrong(r, user, err)
	}
	return s.Part(w, r, http.StatusOK, samples(v, d))
}

// start begins the job.
func (s screens) start(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	a, err := s.read(r, user)
	if err != nil {
		return s.refuse(w, r, user, err)
	}
	if _, err := s.desk.Jobs.Start(r.Context(), a.BulkInput); err != nil {
		return s.refuse(w, r, user, err)
	}
	return s.panel(w, r, user)
}

// refuse says an error as one sentence, for a script to show where it asked.
func (s screens) refuse(w http.ResponseWriter, r *http.Request, user sellerdesk.User, err error) error {
	if sellerdesk.CodeOf(err) == sellerdesk.CodeInternal {
		return err
	}
	words, _, status := s.Wrong(r, user, err)
	say(w, status, words)
	return nil
}

// say answers a script with one line.
func say(w http.ResponseWriter, status int, words string) {
	w.Header().Set("HX-Reswap", "none")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, words) // the client is gone: nobody to tell
}

// look asks what would be done. What an action is given is still missing while the
// dialog opens: then the conversations alone are shown.
func (s screens) look(ctx context.Context, v *View, a asked) (total int, list []sellerdesk.BulkSample, takes string, err error) {
	in := a.BulkInput
	silent := false
	switch {
	case a.Action == sellerdesk.ActionAnswer:
		if silent = len(a.Texts)+len(a.Templates) == 0; silent {
			in.Texts = []string{"…"} // so that it is told how long it takes
		}
	case a.Action != sellerdesk.ActionMarkRead:
		in.Action = sellerdesk.ActionClose // needs the same rights, and nothing else
	}
	p, err := s.desk.Jobs.Preview(ctx, in)
	if silent {
		for i := range p.Sample {
			p.Sample[i].Text = ""
		}
	}
	if p.EndsAt != nil {
		takes = v.Bulking.About(p.EndsAt.Sub(v.Now))
	}
	return p.Total, p.Sample, takes, err
}
