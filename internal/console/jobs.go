package console

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

// maxAnswers bounds a file of answers, in bytes.
const maxAnswers = 1 << 20

// bulkActions are those that need no more than their names.
const bulkActions = "close, reopen, archive, unarchive, read, no_answer_needed, assign or snooze"

func newBulk() *cobra.Command {
	var b client.Bulk
	var action string
	var answers []string
	var templates []int64
	var preview, yes bool
	var how bulkHow
	c := &cobra.Command{
		Use:   "bulk",
		Short: "Do one thing to all conversations that match a filter",
		Long: `Do one thing to all conversations that match a filter, which is typed as in
"sellerdesk search". A job does it; "sellerdesk jobs" shows and steers it.

An answer is given with --answer, several times for several texts of which each
conversation gets one; --answer @FILE reads texts from a file, with a line of ---
between them. {name|Buyer} and {product|thing} stand for buyer and product with
what to say where that is not known, {one|another} for one of several.`,
		Example: "  sellerdesk bulk --filter 'kind:review stars:5 state:waiting' --answer '{Спасибо|Благодарим}, {имя|друг}!' --preview\n  sellerdesk bulk --filter 'state:closed to:2026-01-31' --action archive --yes\n  sellerdesk bulk --filter 'kind:claim state:waiting' --tag Urgent --yes",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var err error
			if b.Texts, err = answerTexts(answers); err != nil {
				return err
			}
			for _, id := range templates {
				b.Templates = append(b.Templates, sellerdesk.TemplateID(id))
			}
			b.Action = sellerdesk.ActionKind(action)
			if len(b.Texts)+len(b.Templates) > 0 {
				if c.Flags().Changed("action") && b.Action != sellerdesk.ActionAnswer {
					return sellerdesk.Errorf(sellerdesk.CodeInvalid, "--answer goes with no other --action.")
				}
				b.Action = sellerdesk.ActionAnswer
			}
			action, err := how.put(&b)
			switch {
			case err != nil:
				return err
			case action != "" && b.Action != "" && b.Action != action:
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "One thing is done at once, not %s and %s.", b.Action, action)
			case action != "":
				b.Action = action
			case b.Action == "":
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Say what is to be done: --answer TEXT, --template, --tag, --untag, --field, --user, --team, --until, --priority or --action with one of %s.", bulkActions)
			}
			return runBulk(c, b, preview, yes)
		},
	}
	clientFlags(c)
	f := c.Flags()
	f.StringVar(&b.Filter, "filter", "", "what is meant, as in sellerdesk search; empty for everything")
	f.StringVar(&action, "action", "", bulkActions)
	how.offer(c)
	f.StringArrayVar(&answers, "answer", nil, "answer with this text, or with those of @FILE")
	f.Int64SliceVar(&templates, "template", nil, "answer with this text, see sellerdesk library list; several are variants")
	f.BoolVar(&preview, "preview", false, "tell what would be done, and do nothing")
	f.BoolVar(&yes, "yes", false, "begin without asking")
	return c
}

// answerTexts reads the texts behind --answer.
func answerTexts(given []string) (texts []string, err error) {
	for _, one := range given {
		name, isFile := strings.CutPrefix(one, "@")
		if !isFile {
			texts = append(texts, one)
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The file %s cannot be read.", name).Because(err)
		}
		b, err := io.ReadAll(io.LimitReader(f, maxAnswers))
		_ = f.Close()
		if err != nil {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The file %s cannot be read.", name).Because(err)
		}
		for part := range strings.SplitSeq(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n---\n") {
			if part = strings.TrimSpace(part); part != "" {
				texts = append(texts, part)
			}
		}
	}
	return texts, nil
}

func runBulk(c *cobra.Command, b client.Bulk, preview, yes bool) error {
	server, err := Dial(c)
	if err != nil {
		return err
	}
	if preview || !yes {
		job, sample, err := server.Jobs.Preview(c.Context(), b)
		if err != nil {
			return Unreachable(err)
		}
		if preview {
			whole := struct {
				sellerdesk.Job
				Sample []sellerdesk.BulkSample `json:"sample"`
			}{job, sample}
			return PrintOne(c, whole, func(w io.Writer) error { return describePreview(w, job, sample) })
		}
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%d conversations match. Look at them with --preview, and begin with --yes.", job.Total)
	}
	job, err := server.Jobs.Start(c.Context(), b)
	if err != nil {
		return Unreachable(err)
	}
	return showJob(c, job)
}

func describePreview(w io.Writer, job sellerdesk.Job, sample []sellerdesk.BulkSample) error {
	fmt.Fprintf(w, "%d conversations match.\n", job.Total)
	if job.EndsAt != nil {
		fmt.Fprintf(w, "It would take until about %s.\n", job.EndsAt.Local().Format("2006-01-02 15:04"))
	}
	for _, s := range sample {
		line := string(s.Text)
		if line == "" && s.Conversation.LastMessage != nil {
			line = s.Conversation.LastMessage.Text
		}
		if _, err := fmt.Fprintf(w, "  %d  %s  %s\n", s.Conversation.ID, Cell(string(s.Conversation.BuyerName), 20), Cell(line, 100)); err != nil {
			return err
		}
	}
	return nil
}

func newJobs() *cobra.Command {
	c := &cobra.Command{
		Use:   "jobs",
		Short: "Look at what is done to many conversations, pause, stop and undo it",
		Args:  cobra.NoArgs,
		RunE:  ShowHelp,
	}
	clientFlags(c)
	c.AddCommand(newJobsList(),
		newJobsOne("show JOB", "Show one job", (*client.Jobs).Get),
		newJobsOne("pause JOB", "Let a job rest; answers that have not left stay", (*client.Jobs).Pause),
		newJobsOne("resume JOB", "Let a paused job go on", (*client.Jobs).Resume),
		newJobsOne("stop JOB", "End a job; what was done stays", (*client.Jobs).Stop),
		newJobsOne("undo JOB", "End a job and take back what has not left", (*client.Jobs).Undo))
	return c
}

func newJobsList() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "list",
		Short: "List jobs, newest first",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			return printList(c, server.Jobs.All(c.Context()), limit, []string{"JOB", "ACTION", "STATE", "DONE", "OF", "FAILED", "FILTER"}, func(j sellerdesk.Job) []string {
				return []string{digits(j.ID), string(j.Action), string(j.State), strconv.Itoa(j.Done), strconv.Itoa(j.Total), strconv.Itoa(j.Failed), Cell(j.Filter, 60)}
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 20, "how many at most; 0 for all")
	return c
}

func newJobsOne(use, short string, do func(*client.Jobs, context.Context, sellerdesk.JobID) (sellerdesk.Job, error)) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the number of a job, as sellerdesk jobs list tells it.", args[0])
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			job, err := do(server.Jobs, c.Context(), sellerdesk.JobID(id))
			if err != nil {
				return Unreachable(err)
			}
			return showJob(c, job)
		},
	}
}

func showJob(c *cobra.Command, j sellerdesk.Job) error {
	return PrintOne(c, j, func(w io.Writer) error {
		fmt.Fprintf(w, "Job %d (%s) is %s: %d of %d done, %d failed, %d on their way, %d taken back.\n", j.ID, j.Action, j.State, j.Done, j.Total, j.Failed, j.Waits, j.Undone)
		if j.EndsAt != nil {
			fmt.Fprintf(w, "It ends at about %s.\n", j.EndsAt.Local().Format("2006-01-02 15:04"))
		}
		for _, e := range j.Errors {
			if _, err := fmt.Fprintf(w, "  %s\n", Cell(e, 200)); err != nil {
				return err
			}
		}
		return nil
	})
}
