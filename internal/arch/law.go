package arch

// Law is the shape a repository must have. Packages are named by their folder
// below the module's root, the root itself by ".". A pattern is such a name, or
// a name with "/*" behind it for the packages directly below.
type Law struct {
	Module string
	// Rows puts every package on a row; it imports lower rows only.
	Rows []Row
	// Arrows are the imports allowed inside a row.
	Arrows []Arrow
	// Closed packages import what is listed and the standard library, and
	// nothing else, whatever their row.
	Closed []Arrow
	// Reserved packages, of ours or not, are imported by the listed files and
	// packages only.
	Reserved []Reserved
	// Brands are words that code outside BrandHomes does not say.
	Brands     []string
	BrandHomes []string // patterns and single files
	// Names no package may have.
	PackageNames []string
	// Clocks are the files and packages that may read the machine's clock.
	Clocks []string
	// Blank lists the packages that may import for effect only.
	Blank []string
	// Suites are packages that tests are made of; they count as tests.
	Suites []string
	Limits Limits
}

// Row is one level of the layout; 0 is the lowest.
type Row struct {
	Level    int
	Packages []string // patterns
}

// Arrow allows From to import To.
type Arrow struct {
	From string // pattern
	To   []string
}

// Reserved keeps an import in its places. Import matches itself and everything
// below it.
type Reserved struct {
	Import string
	In     []string // patterns and single files; tests of these packages too
	// Tests tells that tests anywhere may import it.
	Tests bool
}

// Limits are sizes in lines or methods; tests and generated files do not count.
type Limits struct {
	Package, File, Function, Interface, Methods int
}

// Sellerdesk is the law of this repository.
func Sellerdesk() Law {
	const ours = "github.com/sellerdesk/sellerdesk"
	clients := []string{"wildberries", "yandexmarket", "radist", "ozon"}
	law := Law{
		Module:       ours,
		Rows:         rows(clients),
		Arrows:       arrows(clients),
		Closed:       closed(clients),
		Reserved:     reserved(clients),
		Brands:       []string{"wildberries", "yandex", "radist", "ozon"},
		BrandHomes:   []string{"channel/*", "sandbox", "sandbox/*", "cmd/sellerdesk/drivers.go"},
		PackageNames: []string{"util", "utils", "common", "models", "types", "manager", "service", "helpers", "misc"},
		Clocks:       clocks(),
		Blank:        []string{"internal/store", "internal/store/engine"},
		Suites:       []string{"internal/store/storetest", "channel/channeltest", "internal/server/servertest"},
		Limits:       Limits{Package: 4000, File: 600, Function: 70, Interface: 5, Methods: 25},
	}
	law.BrandHomes = append(law.BrandHomes, clients...)
	return law
}

func rows(clients []string) []Row {
	return []Row{
		{0, append([]string{".", "search", "internal/text", "internal/rest", "internal/arch", "sandbox", "sandbox/*"}, clients...)},
		{1, []string{"internal/store", "internal/store/*", "internal/presence", "channel", "internal/media", "client", "internal/reach", "internal/text/formtable"}},
		{2, []string{"internal/desk", "internal/finding", "internal/filling", "internal/desk/*", "internal/live", "internal/store/storetest"}},
		{3, []string{
			"internal/server", "internal/stats", "internal/pull", "internal/send", "internal/rules", "internal/hooks",
			"internal/config", "channel/*", "internal/server/web/texts", "internal/server/web/prose",
			"internal/server/web/composing", "internal/server/web/faring", "internal/server/web/narrowing", "internal/server/web/persons", "internal/server/web/starting", "internal/server/web/branching",
			"internal/server/reference", "internal/server/api/*",
			"internal/bulk", "internal/health", "internal/server/web/settings", "internal/waking",
			"internal/server/web/frame", "internal/server/web/searching", "internal/server/web/bulking", "internal/server/web/handling",
			"internal/server/web/labelling", "internal/server/web/talking", "internal/server/web/library", "internal/server/web/previewing",
			"internal/server/web/commanding", "internal/server/web/welcoming",
		}},
		{4, []string{"internal/console", "internal/console/*", "internal/server/api", "internal/server/web", "internal/server/servertest"}},
		{5, []string{"cmd/sellerdesk", "internal/bench", "internal/bench/*", "examples/channel/*"}},
	}
}

func arrows(clients []string) []Arrow {
	all := []Arrow{
		{From: "search", To: []string{"."}},
		{From: "internal/server", To: []string{"internal/stats"}},
		{From: "internal/desk", To: []string{"internal/desk/people", "internal/desk/telling", "internal/desk/labelling", "internal/desk/talking", "internal/desk/library", "internal/desk/exporting", "internal/desk/handling", "internal/desk/sealing"}},
		{From: "internal/console/*", To: []string{"internal/console"}},
		{From: "internal/desk/library", To: []string{"internal/filling"}},
		{From: "internal/server/web/*", To: []string{"internal/server/web/frame"}},
		{From: "internal/server/web/frame", To: []string{"internal/server", "internal/server/web/prose", "internal/server/web/texts"}},
		{From: "internal/server/web/*", To: []string{"internal/server", "internal/server/web/prose", "internal/server/web/texts", "internal/server/web/composing", "internal/server/web/narrowing"}},
		{From: "internal/server/web/settings", To: []string{"internal/server", "internal/server/web/prose", "internal/server/web/texts", "internal/health"}},
		{From: "internal/store", To: []string{
			"internal/store/accounts", "internal/store/contacts", "internal/store/engine", "internal/store/files", "internal/store/forms", "internal/store/gate",
			"internal/store/journal", "internal/store/listing", "internal/store/marks", "internal/store/messages", "internal/store/people", "internal/store/products", "internal/store/pushes", "internal/store/replies", "internal/store/rereads", "internal/store/seal",
			"internal/store/search", "internal/store/streams", "internal/store/templates", "internal/store/uploads",
			"internal/store/audit", "internal/store/counts", "internal/store/hooks", "internal/store/jobs", "internal/store/sending",
			"internal/store/vitals",
			"internal/store/held", "internal/store/teams", "internal/store/labels", "internal/store/views", "internal/store/notes", "internal/store/drafts", "internal/store/library",
		}},
		{From: "internal/store/held", To: []string{"internal/store/engine"}},
		{From: "internal/store/teams", To: []string{"internal/store/engine", "internal/store/journal"}},
		{From: "internal/store/labels", To: []string{"internal/store/contacts", "internal/store/engine", "internal/store/held", "internal/store/journal"}},
		{From: "internal/store/views", To: []string{"internal/store/engine", "internal/store/journal"}},
		{From: "internal/store/notes", To: []string{"internal/store/engine", "internal/store/journal"}},
		{From: "internal/store/drafts", To: []string{"internal/store/engine", "internal/store/journal"}},
		{From: "internal/store/library", To: []string{"internal/store/engine", "internal/store/journal"}},
		{From: "internal/store/vitals", To: []string{"internal/store/engine"}},
		{From: "internal/store/audit", To: []string{"internal/store/engine", "internal/store/listing"}},
		{From: "internal/store/hooks", To: []string{"internal/store/engine", "internal/store/journal", "internal/store/listing", "internal/store/seal"}},
		{From: "internal/store/jobs", To: []string{"internal/store/engine", "internal/store/journal", "internal/store/listing"}},
		{From: "internal/store/counts", To: []string{"internal/store/engine"}},
		{From: "internal/store/sending", To: []string{"internal/store/engine"}},
		{From: "internal/store/accounts", To: []string{
			"internal/store/contacts", "internal/store/engine", "internal/store/gate", "internal/store/journal", "internal/store/marks", "internal/store/pushes",
			"internal/store/rereads", "internal/store/seal", "internal/store/streams", "internal/store/templates", "internal/store/uploads",
		}},
		{From: "internal/store/contacts", To: []string{"internal/store/engine", "internal/store/gate", "internal/store/journal", "internal/store/listing"}},
		{From: "internal/store/files", To: []string{"internal/store/engine", "internal/store/gate", "internal/store/journal"}},
		{From: "internal/store/forms", To: []string{"internal/store/engine", "internal/store/gate"}},
		{From: "internal/store/journal", To: []string{"internal/store/engine"}},
		{From: "internal/store/listing", To: []string{"internal/store/engine"}},
		{From: "internal/store/marks", To: []string{"internal/store/engine", "internal/store/gate"}},
		{From: "internal/store/messages", To: []string{
			"internal/store/engine", "internal/store/files", "internal/store/forms", "internal/store/journal", "internal/store/listing",
			"internal/store/replies", "internal/store/search",
		}},
		{From: "internal/store/people", To: []string{"internal/store/engine", "internal/store/journal"}},
		{From: "internal/store/products", To: []string{"internal/store/engine"}},
		{From: "internal/store/pushes", To: []string{"internal/store/engine", "internal/store/gate", "internal/store/journal"}},
		{From: "internal/store/replies", To: []string{"internal/store/engine", "internal/store/gate"}},
		{From: "internal/store/rereads", To: []string{"internal/store/engine", "internal/store/gate"}},
		{From: "internal/store/seal", To: []string{"internal/store/engine", "internal/store/people"}},
		{From: "internal/store/search", To: []string{"internal/store/engine"}},
		{From: "internal/store/streams", To: []string{"internal/store/engine", "internal/store/gate", "internal/store/journal"}},
		{From: "internal/store/templates", To: []string{"internal/store/engine", "internal/store/gate", "internal/store/journal"}},
		{From: "internal/store/uploads", To: []string{"internal/store/engine", "internal/store/gate"}},
		{From: "internal/desk", To: []string{"internal/finding", "internal/filling"}},
		{From: "internal/server/api/handling", To: []string{"internal/server/api/labelling"}},
		{From: "internal/desk/labelling", To: []string{"internal/finding"}},
		{From: "sandbox", To: []string{"sandbox/scene"}},
		{From: "sandbox/*", To: []string{"sandbox"}},
		{From: "cmd/sellerdesk", To: []string{"internal/bench", "internal/bench/day"}},
		{From: "internal/bench/*", To: []string{"internal/bench"}},
	}
	for _, c := range clients {
		all = append(all, Arrow{From: c, To: []string{"internal/rest"}})
	}
	return all
}

func closed(clients []string) []Arrow {
	all := []Arrow{
		{From: "."},
		{From: "internal/rest"},
		{From: "internal/arch"},
		{From: "sandbox", To: []string{"sandbox/scene"}},
		{From: "sandbox/*", To: []string{"sandbox"}},
		{From: "channel", To: []string{"."}},
		{From: "client", To: []string{".", "search"}},
		{From: "search", To: []string{"."}},
		{From: "channel/custom", To: []string{".", "channel"}},
		{From: "examples/channel/go"},
		{From: "internal/reach", To: []string{"."}},
	}
	for _, c := range clients {
		all = append(all,
			Arrow{From: c, To: []string{"internal/rest"}},
			Arrow{From: "channel/" + c, To: []string{".", "channel", c}})
	}
	return all
}

func reserved(clients []string) []Reserved {
	store := []string{"internal/store", "internal/store/*"}
	speakers := append([]string{
		"internal/server", "internal/server/*", "internal/server/web/*", "internal/hooks", "internal/health", "internal/rest", "client", "sandbox", "sandbox/*",
		"channel", "channel/*", "internal/desk", "internal/bench", "internal/bench/*", "cmd/sellerdesk", "examples/channel/*",
	}, clients...)
	all := []Reserved{
		{Import: "database/sql", In: store},
		{Import: "github.com/ncruces/go-sqlite3", In: store},
		{Import: "github.com/jackc/pgx/v5", In: store},
		{Import: "github.com/danielgtaylor/huma/v2", In: []string{"internal/server/api"}},
		{Import: "github.com/a-h/templ", In: []string{"internal/server/web", "internal/server/web/*"}},
		{Import: "github.com/prometheus/client_golang", In: []string{"internal/health"}},
		{Import: "github.com/pquerna/otp", In: []string{"internal/desk/people"}, Tests: true},
		{Import: "github.com/spf13/cobra", In: []string{"cmd/sellerdesk", "internal/console", "internal/console/*"}},
		{Import: "github.com/schollz/progressbar/v3", In: []string{"cmd/sellerdesk"}},
		{Import: "net/http", In: speakers, Tests: true},
		{Import: "unsafe"},
		{Import: "testing", In: []string{"internal/store/storetest", "channel/channeltest", "internal/server/servertest"}, Tests: true},
	}
	all = append(all, Reserved{Import: "github.com/sellerdesk/sellerdesk/channel/custom", In: []string{"cmd/sellerdesk/drivers.go", "channel/custom"}})
	for _, c := range clients {
		all = append(all,
			Reserved{Import: "github.com/sellerdesk/sellerdesk/channel/" + c,
				In: []string{"cmd/sellerdesk/drivers.go", "channel/" + c}},
			Reserved{Import: "github.com/sellerdesk/sellerdesk/" + c,
				In: []string{c, "channel/" + c}, Tests: true})
	}
	return all
}

// clocks are the places that read the machine's clock: the three clocks
// themselves, what measures, and what keeps a connection of the real network
// alive.
func clocks() []string {
	return []string{
		"time.go", "internal/rest/clock.go", "sandbox/clock.go",
		"cmd/sellerdesk", "internal/console", "internal/bench", "internal/bench/*", "internal/server/stream.go", "client/events.go", "examples/channel/*",
		"internal/reach", "internal/hooks/post.go",
	}
}
