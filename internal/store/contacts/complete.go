package contacts

import (
	"context"
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// page is people that are being completed from other tables.
type page struct {
	c Contacts
	// people by the ids of all contacts of their trees.
	people map[int64]*sellerdesk.Contact
	roots  []int64
	all    []int64 // contacts, roots included
}

// complete fills what stands in other tables, in a bounded number of statements
// for all people together.
func (c Contacts) complete(ctx context.Context, items []sellerdesk.Contact, user sellerdesk.UserID, conversations int) error {
	if len(items) == 0 {
		return nil
	}
	p := &page{c: c, people: make(map[int64]*sellerdesk.Contact, len(items))}
	for i := range items {
		o := &items[i]
		o.Identities, o.Conversations = []sellerdesk.ContactIdentity{}, []sellerdesk.Conversation{}
		o.Merged, o.Suggestions = []sellerdesk.MergedContact{}, []sellerdesk.ContactSuggestion{}
		o.Tags, o.Fields = []sellerdesk.Tag{}, []sellerdesk.FieldValue{}
		p.people[int64(o.ID)] = o
		p.roots = append(p.roots, int64(o.ID))
	}
	p.all = append(p.all, p.roots...)
	for _, step := range []struct {
		what string
		run  func(context.Context) error
	}{{"figures", p.figures}, {"those in them", p.merged}, {"what they are known by", p.identities}, {"suggestions", p.suggestions}, {"how many conversations", p.count}, {"tags and fields", p.labels}} {
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("read people: %s: %w", step.what, err)
		}
	}
	if err := p.conversations(ctx, user, conversations); err != nil {
		return fmt.Errorf("read people: conversations: %w", err)
	}
	return nil
}

// merged reads the contacts that were put into the people, the newest first.
func (p *page) merged(ctx context.Context) error {
	for _, piece := range engine.Padded(p.roots) {
		n := narrowed(ctx, engine.Anys(piece)...)
		name := "c.name"
		if !n.seen.Whole() {
			name = n.called("contact_id", "c.id")
		}
		rows, err := p.c.w.Query(ctx, `SELECT c.id, c.person_id, `+name+`, c.merged_at, c.merged_by FROM contacts c
			WHERE c.person_id IS NOT NULL AND c.person_id IN (`+engine.Placeholders(1, len(piece))+`)`+n.and(n.contact("c.id"))+` ORDER BY c.merged_at DESC, c.id DESC`, n.args...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (m sellerdesk.MergedContact, err error) {
			var person, at int64
			if err = s.Scan(&m.ID, &person, &m.Name, &at, &m.User); err != nil {
				return m, err
			}
			m.At = sellerdesk.AtMillis(at)
			o := p.people[person]
			p.people[int64(m.ID)], p.all = o, append(p.all, int64(m.ID))
			if len(o.Merged) < mostMerged {
				o.Merged = append(o.Merged, m)
			}
			if o.Name == "" {
				o.Name = m.Name // better than nothing
			}
			return m, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *page) identities(ctx context.Context) error {
	for _, piece := range engine.Padded(p.all) {
		n := narrowed(ctx, engine.Anys(piece)...)
		rows, err := p.c.w.Query(ctx, `SELECT i.kind, i.network, i.account_id, i.value, i.contact_id FROM contact_identities i
			WHERE i.contact_id IN (`+engine.Placeholders(1, len(piece))+`)`+n.and(n.identity())+` ORDER BY i.id`, n.args...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (i sellerdesk.ContactIdentity, err error) {
			if err = s.Scan(&i.Kind, &i.Network, &i.Account, &i.Value, &i.Contact); err != nil {
				return i, err
			}
			if o := p.people[int64(i.Contact)]; len(o.Identities) < mostIdentities {
				o.Identities = append(o.Identities, i)
			}
			return i, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// suggestions reads who may be the same person, from both sides. Those that are
// one person by now are left out.
func (p *page) suggestions(ctx context.Context) error {
	for _, piece := range engine.Padded(p.all) {
		for _, side := range [][2]string{{"contact_id", "other_id"}, {"other_id", "contact_id"}} {
			n := narrowed(ctx, engine.Anys(piece)...)
			name := "r.name"
			if !n.seen.Whole() {
				name = n.called("person_id", "r.id")
			}
			rows, err := p.c.w.Query(ctx, `SELECT s.`+side[0]+`, r.id, `+name+`, s.evidence, s.at FROM contact_suggestions s
				JOIN contacts o ON o.id = s.`+side[1]+` JOIN contacts r ON r.id = COALESCE(o.person_id, o.id)
				WHERE s.state = 'open' AND s.`+side[0]+` IN (`+engine.Placeholders(1, len(piece))+`)`+n.and(n.own("s.contact_id"))+n.and(n.own("s.other_id"))+` ORDER BY s.id`, n.args...)
			_, err = engine.Collect(rows, err, func(s engine.Scanner) (g sellerdesk.ContactSuggestion, err error) {
				var mine, at int64
				if err = s.Scan(&mine, &g.Contact, &g.Name, &g.Evidence, &at); err != nil {
					return g, err
				}
				g.At, g.Evidence = sellerdesk.AtMillis(at), said(g.Evidence)
				p.suggest(p.people[mine], g)
				return g, nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// suggest shows a suggestion once, however many contacts of the two trees it
// stands between.
func (p *page) suggest(o *sellerdesk.Contact, g sellerdesk.ContactSuggestion) {
	if g.Contact == o.ID || len(o.Suggestions) >= mostSuggestions {
		return
	}
	for _, known := range o.Suggestions {
		if known.Contact == g.Contact && known.Evidence == g.Evidence {
			return
		}
	}
	o.Suggestions = append(o.Suggestions, g)
}

func (p *page) count(ctx context.Context) error {
	if !engine.Seen(ctx).Whole() {
		return nil // counted by figures
	}
	for _, piece := range engine.Padded(p.roots) {
		rows, err := p.c.w.Query(ctx, `SELECT v.person_id, COUNT(*) FROM conversations v WHERE v.person_id IN (`+engine.Placeholders(1, len(piece))+`) GROUP BY v.person_id`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (n int, err error) {
			var person int64
			if err = s.Scan(&person, &n); err == nil {
				p.people[person].ConversationCount = n
			}
			return n, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// maxArms is how many people's newest conversations one statement names.
const maxArms = 64

// conversations reads the newest few of each person: one arm of a statement
// walks the index for each.
func (p *page) conversations(ctx context.Context, user sellerdesk.UserID, few int) error {
	for start := 0; start < len(p.roots); start += maxArms {
		piece := engine.Padded(p.roots[start:min(start+maxArms, len(p.roots))])[0]
		arms := make([]string, len(piece))
		n := narrowed(ctx, engine.Anys(piece)...)
		for i := range piece {
			arms[i] = fmt.Sprintf("SELECT id FROM (SELECT v.id FROM conversations v WHERE v.person_id = $%d%s ORDER BY v.sort_at DESC, v.id DESC LIMIT %d) a%d", i+1, n.account("v.account_id"), few, i)
		}
		rows, err := p.c.w.Query(ctx, strings.Join(arms, " UNION ALL "), n.args...)
		ids, err := engine.Collect(rows, err, engine.ScanInt)
		if err != nil {
			return err
		}
		conversations, err := p.c.beside.Show(ctx, user, ids)
		if err != nil {
			return err
		}
		for _, v := range conversations {
			if v.Contact == nil {
				continue
			}
			if o := p.people[int64(*v.Contact)]; o != nil {
				o.Conversations = append(o.Conversations, v)
			}
		}
	}
	for _, id := range p.roots {
		newestFirst(p.people[id].Conversations)
	}
	return nil
}
