// Package sandbox is a demo world for marketplace programs: seller's cabinets, products, buyers and conversations made from a seed,
// a clock that can be sped up and moved, faults on order, and counters of what the seller's programs did wrong.
//
// It knows no wire format. Emulators of remote APIs are packages below this one; the program that needs them mounts them:
//
//	world, err := sandbox.New(7, sandbox.Options{})
//	wildberries.Mount(world, wildberries.Options{})
//	server := httptest.NewServer(world.Handler())
//
//	token := world.State().Accounts[0].Token           // full scope, 180 days
//	base := server.URL + "/wildberries/chat"           // or the real host name in the Host header
//	got, err := world.BuyerWrites(ctx, sandbox.BuyerMessage{API: "wildberries", Kind: sandbox.KindChat, Text: "Здравствуйте!"})
//	_, err = world.SellerWrites(ctx, sandbox.SellerMessage{API: "wildberries", Kind: sandbox.KindChat, Conversation: got.Conversation, Text: "Добрый день!"})
//	err = world.SetFaults([]sandbox.Fault{{API: "wildberries", Operation: "POST /api/v1/seller/message", Nth: 1, Effect: sandbox.EffectDropAfter}})
//	world.Clock().Advance(24 * time.Hour)              // Options{Scale: -1} makes a clock that only moves so
//	state := world.State()                             // Received, Violations, Duplicates
//	world.Reset(8)                                     // other cabinets, other tokens
//
// Questions, reviews and return claims are posts: one text of a buyer, at most one answer. They stand on an Account's boards:
//
//	b := world.Accounts("wildberries")[0].Board(sandbox.KindReview)
//	waiting := b.Count(sandbox.Query{Done: new(bool)})
//	_, err = world.BuyerWrites(ctx, sandbox.BuyerMessage{API: "wildberries", Kind: sandbox.KindReview, Conversation: got.Conversation, Rating: &two})
//	                                                   // a review is changed in place, a question or claim is not
//	_, err = world.SellerWrites(ctx, sandbox.SellerMessage{API: "wildberries", Kind: sandbox.KindClaim, Conversation: id, Text: "approve1"})
//	                                                   // a decision of a claim is its name, then a space and a comment
//
// An emulator adds to this by Hooks: it may take over words of buyers and sellers, hear of what is new, send pushes and have control calls of its own,
// POST /_sandbox/{api}/{call}; its doc.go names them. A fault strikes a push only when it names "POST /notification". Pushes are sent while World.Run runs.
//
// Buyers write by themselves only with Options.Live and while World.Run runs.
//
//	           ┌────────────────────────── World ──────────────────────────┐
//	           │ seed ─► planner, scene ─► conversations and posts, lazily  │
//	           │ Clock    faults    ledger (received, violations, doubles)  │
//	           └──▲───────────▲─────────────────────────────▲───────────────┘
//	host name     │           │                             │
//	or prefix ─► router ─► faults ─► Emulator ─► Account.Events, World.Receive, Board
//	/_sandbox/ ─► control: state buyer seller faults clock push reset
//	/          ─► the page: play the buyer, answer from the cabinet
//
// Size. A generated message costs 16 bytes and a conversation 56; texts, names and pictures are computed from the seed and the
// number of the message each time they are asked for. A generated question, review or claim costs eight bytes until somebody changes it.
// For every 640 messages there are 60 questions, 120 reviews and 12 claims, unless Options say how many. Identities are the encrypted place of a thing, so nothing is indexed by them.
//
// Order. Within an account the times of messages are whole milliseconds that only grow; nothing is ever inserted before what a reader may have seen.
// Options.SameMillisecond breaks this on purpose.
//
// Faults. An emulator plays those that need its formats (Effects), the router all others by cutting, delaying or replacing the answer.
// Cutting is a panic with http.ErrAbortHandler: whoever wraps World.Handler must let it pass.
//
// The demo world. Most conversations are spread over weeks, thicker around a sale eleven days ago, some in an angry night six days ago;
// up to ten of every account wait for an answer, from three minutes to days. Two of three reviews have five stars, one in five has nothing but stars,
// one in four photos; one in 24 is supplemented after about five days. All generated claims are younger than 13 days. Texts, names and counts depend on the seed alone, times on the start too.
//
// Duplicates. A message counts as received twice when the same account gets the same text and the same bytes of files in the same conversation
// again within DuplicateWindow of world time; an answer to a question or review that is sent twice so counts even where the second one changes nothing.
package sandbox
