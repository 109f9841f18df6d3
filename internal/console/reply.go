package console

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

const (
	// maxText bounds a text that is read from a file, in bytes.
	maxText = 1 << 20
	// maxReplyLine bounds a line of answers, in bytes: conversations as the list
	// gives them may stand in it.
	maxReplyLine = 4 << 20
	// replyTries is how often a line is tried while the server asks to wait.
	replyTries = 5
	// replyWait bounds a pause between two tries.
	replyWait = time.Minute
)

func newReply() *cobra.Command {
	var r replying
	c := &cobra.Command{
		Use:   "reply {ID TEXT | ID --template NAME | --from FILE}",
		Short: "Answer a buyer, or many from a file",
		Long: "Answer a buyer: a line of a chat, or the public answer to a question or a review. TEXT is - for the standard input and @FILE for what stands in a file; --text takes it as it is.\n\n" +
			"With --from, each line of a file (or of the standard input, for -) is a JSON object with the number of a conversation as conversation or id, and what to say as text or answer; other fields are passed over, so that what conversations list --json prints may be used with an answer added. " +
			"A line of the result is printed for each.\n\n" +
			"The same file may be given again after a break: an answer leaves once for the same conversation and text. To say the same again on purpose, give the run another name with --run.",
		Example: "  sellerdesk reply 7 \"It is on its way\"\n" +
			"  sellerdesk reply 7 --template order_ready --language ru --variable Анна --variable 12345\n" +
			"  sellerdesk conversations list --overdue --kind review --json |\n" +
			"    jq -c '{id, answer: \"Спасибо за отзыв!\"}' | sellerdesk reply --from -",
		Args: func(c *cobra.Command, args []string) error { return r.judge(args) },
		RunE: func(c *cobra.Command, args []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			if r.from != "" {
				return r.many(c, server)
			}
			return r.one(c, server, args)
		},
	}
	clientFlags(c)
	set := c.Flags()
	set.StringVar(&r.text, "text", "", "what to say, whatever it begins with")
	set.StringVar(&r.template.Name, "template", "", "name of a template, see sellerdesk templates")
	set.StringVar(&r.template.Language, "language", "", "language of the template, where it has several")
	set.StringArrayVar(&r.template.Variables, "variable", nil, "value of a variable of the template, in their order")
	set.StringArrayVar(&r.attach, "attach", nil, "file to send along; may be given several times")
	set.StringVar(&r.key, "key", "", "name of the intent: the same again under the same name leaves once")
	set.StringVar(&r.from, "from", "", "file with an answer on each line, - for the standard input")
	set.StringVar(&r.run, "run", "", "name of this run of --from, see above")
	_ = c.MarkFlagFilename("from")
	_ = c.MarkFlagFilename("attach")
	c.MarkFlagsMutuallyExclusive("text", "template", "from")
	c.MarkFlagsMutuallyExclusive("from", "attach")
	c.MarkFlagsMutuallyExclusive("from", "key")
	return c
}

// replying is what the flags say.
type replying struct {
	text, key, from, run string
	attach               []string
	template             sellerdesk.TemplateUse
}

// judge looks whether there is one thing to say.
func (r *replying) judge(args []string) error {
	switch {
	case r.from != "" && len(args) > 0:
		return errors.New("--from takes no further arguments")
	case r.from != "":
		return nil
	case len(args) == 0 || len(args) > 2:
		return errors.New("give the number of a conversation and a text, or --from")
	}
	ways := len(args) - 1
	for _, w := range []string{r.text, r.template.Name} {
		if w != "" {
			ways++
		}
	}
	if ways > 1 || ways == 0 && len(r.attach) == 0 {
		return errors.New("give one text, or a template, or files")
	}
	return nil
}

// one answers one buyer.
func (r *replying) one(c *cobra.Command, server *client.Client, args []string) error {
	id, err := conversationID(args[0])
	if err != nil {
		return err
	}
	n := client.NewMessage{Text: r.text, Key: r.key}
	if len(args) == 2 {
		if n.Text, err = words(args[1], c.InOrStdin()); err != nil {
			return err
		}
	}
	if r.template.Name != "" {
		n.Template = &r.template
	}
	for _, path := range r.attach {
		f, err := upload(c.Context(), server, path)
		if err != nil {
			return Unreachable(err)
		}
		n.Files = append(n.Files, f.ID)
	}
	m, err := server.Messages.Post(c.Context(), id, n)
	if err != nil {
		return Unreachable(err)
	}
	return PrintOne(c, m, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "Message %d is %s:\n%s\n", m.ID, m.Status, safe(m.Text))
		return err
	})
}

// words gives a text of the command line: - is the standard input, @FILE what
// stands in a file.
func words(arg string, stdin io.Reader) (string, error) {
	from := stdin
	switch {
	case arg == "-":
	case strings.HasPrefix(arg, "@"):
		f, err := os.Open(arg[1:])
		if err != nil {
			return "", unread(arg[1:], err)
		}
		defer f.Close()
		from = f
	default:
		return arg, nil
	}
	b, err := io.ReadAll(io.LimitReader(from, maxText+1))
	if err != nil {
		return "", fmt.Errorf("read the text: %w", err)
	}
	if len(b) > maxText {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "The text is longer than 1 MB.")
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}

// unread says that a file of the command line cannot be read.
func unread(path string, err error) error {
	var why *os.PathError
	if errors.As(err, &why) {
		err = why.Err
	}
	return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s cannot be read: %v.", path, err).Because(err)
}

func upload(ctx context.Context, server *client.Client, path string) (sellerdesk.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return sellerdesk.File{}, unread(path, err)
	}
	defer f.Close()
	return server.Files.Upload(ctx, filepath.Base(path), f)
}

// many answers all lines of a file, one after another. A line that is refused
// stops nobody; a server that does not answer ends the run, which may be given
// again.
func (r *replying) many(c *cobra.Command, server *client.Client) error {
	in := c.InOrStdin()
	if r.from != "-" {
		f, err := os.Open(r.from)
		if err != nil {
			return unread(r.from, err)
		}
		defer f.Close()
		in = f
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxReplyLine)
	failed, n := 0, 0
	for lines.Scan() {
		n++
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\uFEFF"))
		if line == "" {
			continue
		}
		done := r.answer(c.Context(), server, n, line)
		if done.err != nil {
			failed++
		}
		if err := done.print(c); err != nil {
			return err
		}
		if c.Context().Err() != nil {
			return c.Context().Err()
		}
		if sellerdesk.CodeOf(done.err) == sellerdesk.CodeUnavailable {
			return sellerdesk.Errorf(sellerdesk.CodeUnavailable, "It ended at line %d; give the same again later, nothing leaves twice.", n)
		}
	}
	if err := lines.Err(); err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Line %d cannot be read: %v.", n+1, err)
	}
	if failed > 0 {
		return sellerdesk.Errorf(sellerdesk.CodeInternal, "%d of the answers failed.", failed)
	}
	return nil
}

// answered is what became of one line.
type answered struct {
	Line         int                       `json:"line"`
	Conversation sellerdesk.ConversationID `json:"conversation,omitempty"`
	Message      sellerdesk.MessageID      `json:"message,omitempty"`
	Status       sellerdesk.MessageStatus  `json:"status,omitempty"`
	Code         sellerdesk.Code           `json:"code,omitempty"`
	Error        string                    `json:"error,omitempty"`
	err          error
}

func (a answered) print(c *cobra.Command) error {
	return PrintOne(c, a, func(w io.Writer) error {
		var err error
		if a.err != nil {
			_, err = fmt.Fprintf(w, "line %d: conversation %d: %s\n", a.Line, a.Conversation, safe(a.Error))
		} else {
			_, err = fmt.Fprintf(w, "line %d: conversation %d: message %d is %s\n", a.Line, a.Conversation, a.Message, a.Status)
		}
		return err
	})
}

// answer posts one line.
func (r *replying) answer(ctx context.Context, server *client.Client, n int, line string) answered {
	done := answered{Line: n}
	var in struct {
		Conversation sellerdesk.ConversationID `json:"conversation"`
		ID           sellerdesk.ConversationID `json:"id"`
		Text         string                    `json:"text"`
		Answer       string                    `json:"answer"`
	}
	fail := func(err error) answered {
		done.err, done.Code, done.Error = err, sellerdesk.CodeOf(err), Sentence(err)
		return done
	}
	if err := json.Unmarshal([]byte(line), &in); err != nil {
		return fail(sellerdesk.Errorf(sellerdesk.CodeInvalid, "This is not an object as {\"conversation\":1,\"text\":\"…\"}."))
	}
	done.Conversation = max(in.Conversation, 0)
	if done.Conversation == 0 {
		done.Conversation = max(in.ID, 0)
	}
	text := in.Text
	if text == "" {
		text = in.Answer
	}
	if done.Conversation == 0 || strings.TrimSpace(text) == "" {
		return fail(sellerdesk.Errorf(sellerdesk.CodeInvalid, "The number of a conversation (conversation or id) or what to say (text or answer) is missing."))
	}
	m, err := insist(ctx, func() (sellerdesk.Message, error) {
		return server.Messages.Post(ctx, done.Conversation, client.NewMessage{Text: text, Key: r.intent(done.Conversation, text)})
	})
	if err != nil {
		return fail(Unreachable(err))
	}
	done.Message, done.Status = m.ID, m.Status
	return done
}

// intent is the key of a line: the same for the same answer, so that a file may
// be given again.
func (r *replying) intent(id sellerdesk.ConversationID, text string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %q %s", id, r.run, text))
	return "reply-" + hex.EncodeToString(sum[:16])
}

// insist tries a write again while the server asks to wait or does not answer,
// which is safe under a key.
func insist(ctx context.Context, post func() (sellerdesk.Message, error)) (m sellerdesk.Message, err error) {
	for try := 1; ; try++ {
		m, err = post()
		var refused *client.Error
		wait := time.Duration(try) * time.Second
		switch {
		case err == nil || try == replyTries || ctx.Err() != nil:
			return m, err
		case errors.As(err, &refused):
			if refused.Code != sellerdesk.CodeLimited && refused.Code != sellerdesk.CodeUnavailable {
				return m, err
			}
			wait = min(max(wait, refused.RetryAfter), replyWait)
		}
		if (sellerdesk.Clock{}).Sleep(ctx, wait) != nil {
			return m, err
		}
	}
}
