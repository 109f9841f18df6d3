package bulking

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// shownAfter is how long a job that ended stays under the list.
	shownAfter = 10 * time.Minute
	// inPanel is how many jobs stand under the list.
	inPanel = 3
	// listed is how many conversations of each outcome the page of a job names.
	listed = 50
)

// panel is what stands under the list: jobs of the person that go on or have just
// ended.
func (s screens) panel(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v := s.View(r, user)
	list, _, err := s.desk.Jobs.List(r.Context(), user.ID, "", 20)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(j sellerdesk.Job) bool {
		return j.User != user.ID || j.EndedAt != nil && v.Now.Sub(j.EndedAt.Time) > shownAfter
	})
	jobs, err := s.views(r.Context(), v, list[:min(len(list), inPanel)])
	if err != nil {
		return err
	}
	return s.Part(w, r, http.StatusOK, panelPart(v, jobs))
}

func (s screens) views(ctx context.Context, v *View, list []sellerdesk.Job) (out []jobView, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		out, err = views(ctx, tx, v, list)
		return err
	})
	return out, err
}

// steer pauses, resumes, stops or undoes a job.
func (s screens) steer(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.JobID](r, "id")
	if err != nil {
		return err
	}
	j := s.desk.Jobs
	do, ok := map[string]func(context.Context, sellerdesk.UserID, sellerdesk.JobID) (sellerdesk.Job, error){
		"pause": j.Pause, "resume": j.Resume, "stop": j.Stop, "undo": j.Undo,
	}[r.PathValue("verb")]
	if !ok {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
	}
	changed, err := do(r.Context(), user.ID, id)
	if err != nil {
		return s.refuse(w, r, user, err)
	}
	v := s.View(r, user)
	jobs, err := s.views(r.Context(), v, []sellerdesk.Job{changed})
	if err != nil {
		return err
	}
	return s.Part(w, r, http.StatusOK, changedPart(v, jobs[0]))
}

// listView is a page of jobs.
type listView struct {
	Jobs   []jobView
	Cursor string
	Next   string
}

// address is that of the page.
func (l listView) address() string {
	if l.Cursor == "" {
		return Path
	}
	return Path + "?" + url.Values{"cursor": {l.Cursor}}.Encode()
}

// list is the page of all jobs that the person may steer.
func (s screens) list(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v := s.View(r, user)
	l := listView{Cursor: r.URL.Query().Get("cursor")}
	list, next, err := s.desk.Jobs.List(r.Context(), user.ID, l.Cursor, 0)
	if err != nil {
		return err
	}
	l.Next = next
	if l.Jobs, err = s.views(r.Context(), v, list); err != nil {
		return err
	}
	if frame.Fragment(r) {
		return s.Part(w, r, http.StatusOK, jobRows(v, l))
	}
	return s.House(w, r, user, http.StatusOK, Path, v.Bulking.Jobs, jobsPage(v, l))
}

// oneView is the page of a job.
type oneView struct {
	Job      jobView
	Outcomes []outcome
	Around   frame.Around
}

// outcome is what became of some of its conversations.
type outcome struct {
	Failed        bool
	Conversations []sellerdesk.Conversation
}

// title says what became of them, and how many there are.
func (o outcome) title(v *View, j jobView) string {
	if o.Failed {
		return v.Bulking.Failed(j.Failed)
	}
	return v.Bulking.DoneMany(j.Done - j.Undone)
}

// one is the page of a job, with the first conversations it was about.
func (s screens) one(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.JobID](r, "id")
	if err != nil {
		return err
	}
	v, ctx := s.View(r, user), r.Context()
	job, err := s.desk.Jobs.Get(ctx, user.ID, id)
	if err != nil {
		return err
	}
	var page oneView
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		list, err := views(ctx, tx, v, []sellerdesk.Job{job})
		if err != nil {
			return err
		}
		page.Job = list[0]
		if page.Around.Accounts, err = tx.Accounts.List(ctx); err != nil {
			return err
		}
		if page.Around.Names, err = tx.Teams.Names(ctx); err != nil {
			return err
		}
		page.Outcomes, err = outcomes(ctx, tx, user.ID, id)
		return err
	})
	if err != nil {
		return err
	}
	if frame.Fragment(r) {
		return s.Part(w, r, http.StatusOK, jobEntry(v, page.Job))
	}
	rows := func(c sellerdesk.Conversation) templ.Component {
		return s.Row(r, user, c, page.Around, "/conversations/"+frame.ID(c.ID)+"?filter=all")
	}
	return s.House(w, r, user, http.StatusOK, Path, v.Bulking.Did[job.Action], jobPage(v, page, rows))
}

// outcomes reads the first conversations that failed and those that were done.
func outcomes(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, id sellerdesk.JobID) (out []outcome, err error) {
	for _, state := range []store.JobItemState{store.JobItemFailed, store.JobItemDone} {
		items, err := tx.Jobs.Next(ctx, id, state, nil, listed)
		if err != nil {
			return nil, err
		}
		ids := make([]sellerdesk.ConversationID, len(items))
		for i, item := range items {
			ids[i] = item.Conversation
		}
		some, err := tx.Conversations.Some(ctx, ids, user)
		if err != nil {
			return nil, err
		}
		o := outcome{Failed: state == store.JobItemFailed}
		for _, id := range ids {
			if c, ok := some[id]; ok {
				o.Conversations = append(o.Conversations, c)
			}
		}
		if len(o.Conversations) > 0 {
			out = append(out, o)
		}
	}
	return out, nil
}
