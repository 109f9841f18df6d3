package presence

import (
	"cmp"
	"slices"

	"github.com/sellerdesk/sellerdesk"
)

// Watcher is told which conversations changed. Its owner closes it.
type Watcher struct {
	// C has one signal while something changed.
	C <-chan struct{}

	c       chan struct{}
	board   *Board
	changed map[sellerdesk.ConversationID]sellerdesk.AccountID // guarded by the board's mu
}

// Watch follows the board from now on. What is there already counts as a change.
func (b *Board) Watch() *Watcher {
	c := make(chan struct{}, 1)
	w := &Watcher{C: c, c: c, board: b, changed: map[sellerdesk.ConversationID]sellerdesk.AccountID{}}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.watchers[w] = struct{}{}
	for _, s := range b.seats {
		w.note(s.Account, s.Conversation)
	}
	return w
}

// Close ends watching. It may be called more than once.
func (w *Watcher) Close() {
	w.board.mu.Lock()
	defer w.board.mu.Unlock()
	delete(w.board.watchers, w)
}

// Take gives the conversations that changed since it was last called, as they are
// now, in growing order.
func (w *Watcher) Take() []Room {
	w.board.mu.Lock()
	defer w.board.mu.Unlock()
	rooms := make([]Room, 0, len(w.changed))
	for id, account := range w.changed {
		rooms = append(rooms, Room{Account: account, Conversation: id, People: w.board.look(id)})
	}
	clear(w.changed)
	slices.SortFunc(rooms, func(a, b Room) int { return cmp.Compare(a.Conversation, b.Conversation) })
	return rooms
}

// note remembers a change. The caller holds the board's mu.
func (w *Watcher) note(account sellerdesk.AccountID, id sellerdesk.ConversationID) {
	w.changed[id] = account
	select {
	case w.c <- struct{}{}:
	default:
	}
}

// touch tells whoever watches that a conversation changed. The caller holds mu.
func (b *Board) touch(account sellerdesk.AccountID, id sellerdesk.ConversationID) {
	for w := range b.watchers {
		w.note(account, id)
	}
}
