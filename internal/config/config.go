package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// Names of the settings; a setting's flag is its name, its variable
// SELLERDESK_ and the name in capitals with underscores.
const (
	Listen        = "listen"
	SandboxListen = "sandbox-listen"
	Data          = "data"
	Database      = "database"
	APIKey        = "api-key"
	Server        = "server"
	Log           = "log"
	PublicURL     = "public-url"
	// AllowPrivateWebhooks lets webhooks go to this machine and to private networks.
	AllowPrivateWebhooks = "allow-private-webhooks"
)

// Limits of an API key: printable ASCII of this length.
const (
	MinAPIKey = 16
	MaxAPIKey = 200
)

// Setting is one thing that can be configured.
type Setting struct {
	Name    string
	Default string
	Usage   string // one sentence without a full stop
}

// Flag is the setting on the command line, without dashes.
func (s Setting) Flag() string { return s.Name }

// Variable is the setting in the environment.
func (s Setting) Variable() string {
	return "SELLERDESK_" + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
}

// Settings lists everything that can be configured.
func Settings() []Setting {
	return []Setting{
		{Listen, "127.0.0.1:8484", "address of the screens and the API"},
		{SandboxListen, "127.0.0.1:8485", "address of the sandbox"},
		{Data, "sellerdesk-data", "folder of the database, the key that seals credentials, and the files"},
		{Database, "", "PostgreSQL to keep the data in, as postgres://user@host/name, instead of a file in the data folder"},
		{APIKey, "", "key with full rights for programs, 16 to 200 printable characters; without one the API takes signed-in people only"},
		{Server, "http://127.0.0.1:8484", "address of the running Sellerdesk to speak to"},
		{PublicURL, "", "address by which others reach this server, as https://inbox.example.org; channels that can be asked are told to push there"},
		{AllowPrivateWebhooks, "false", "let webhooks go to this machine and to private networks, also without TLS"},
		{Log, "info", "how much to log: debug, info, warn or error"},
	}
}

// Find gives the setting of a name. It panics on a name that is not in the
// table, which only a wrong program can ask for.
func Find(name string) Setting {
	for _, s := range Settings() {
		if s.Name == name {
			return s
		}
	}
	panic("config: no setting " + name)
}

// Config is everything that is decided before the start. The zero value with a
// data folder works: it listens on a free port of the loopback.
type Config struct {
	Listen        string            // host:port; port 0 takes a free one
	SandboxListen string            // host:port of the sandbox
	Data          string            // folder, made when it is not there; "" only where a command has a folder of its own
	Database      sellerdesk.Secret // PostgreSQL address, may hold a password; "" means SQLite in Data
	APIKey        sellerdesk.Secret // "" means none
	Server        string            // base address of a running server, without a slash at the end
	Log           string            // debug, info, warn or error
	PublicURL     string            // address of this server from outside, without a slash at the end; "" means none

	AllowPrivateWebhooks bool // webhooks may go to this machine and to private networks
}

// Source tells where values come from. Given reports the flags a person wrote.
type Source struct {
	Given  func(flag string) (value string, ok bool)
	Getenv func(variable string) (value string, ok bool) // nil means os.LookupEnv
	// Defaults of a command, by name, in place of those of the table.
	Defaults map[string]string
}

// Value gives the value of one setting: flag, variable, default.
func (s Source) Value(name string) string {
	setting := Find(name)
	if s.Given != nil {
		if v, ok := s.Given(setting.Flag()); ok {
			return v
		}
	}
	getenv := s.Getenv
	if getenv == nil {
		getenv = os.LookupEnv
	}
	if v, ok := getenv(setting.Variable()); ok {
		return v
	}
	if v, ok := s.Defaults[name]; ok {
		return v
	}
	return setting.Default
}

// Load reads all settings and refuses values that cannot work, each with a
// sentence that names the flag and the variable.
func Load(from Source) (Config, error) {
	c := Config{
		Listen:        from.Value(Listen),
		SandboxListen: from.Value(SandboxListen),
		Data:          from.Value(Data),
		Database:      sellerdesk.Secret(from.Value(Database)),
		APIKey:        sellerdesk.Secret(from.Value(APIKey)),
		Server:        strings.TrimRight(from.Value(Server), "/"),
		Log:           from.Value(Log),
		PublicURL:     strings.TrimRight(from.Value(PublicURL), "/"),
	}
	var err error
	if c.AllowPrivateWebhooks, err = strconv.ParseBool(from.Value(AllowPrivateWebhooks)); err != nil {
		return c, wrong(AllowPrivateWebhooks, "true or false is needed, not %q", from.Value(AllowPrivateWebhooks))
	}
	return c, c.check()
}

func (c Config) check() error {
	if err := address(c.Listen); err != nil {
		return wrong(Listen, "%w", err)
	}
	if err := address(c.SandboxListen); err != nil {
		return wrong(SandboxListen, "%w", err)
	}
	if c.Database != "" && !postgres(c.Database.Reveal()) {
		return wrong(Database, "an address like postgres://user@host/name is needed")
	}
	if c.APIKey != "" {
		if err := CheckAPIKey(c.APIKey); err != nil {
			return wrong(APIKey, "%w", err)
		}
	}
	if u, err := url.Parse(c.Server); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return wrong(Server, "an address like http://127.0.0.1:8484 is needed")
	}
	if c.PublicURL != "" && !public(c.PublicURL) {
		return wrong(PublicURL, "an address like https://inbox.example.org is needed; http does for this machine only")
	}
	switch c.Log {
	case "debug", "info", "warn", "error":
		return nil
	default:
		return wrong(Log, "%q is none of debug, info, warn, error", c.Log)
	}
}

// wrong names the setting in front of what is the matter with it.
func wrong(name, format string, args ...any) error {
	s := Find(name)
	return sellerdesk.Errorf(sellerdesk.CodeInvalid, "--%s (%s): %v", s.Flag(), s.Variable(), fmt.Errorf(format, args...))
}

// CheckAPIKey tells why a key will not do; nil when it will. The sentence never
// shows the key.
func CheckAPIKey(key sellerdesk.Secret) error {
	k := key.Reveal()
	if len(k) < MinAPIKey || len(k) > MaxAPIKey {
		return fmt.Errorf("a key has %d to %d characters, this one has %d", MinAPIKey, MaxAPIKey, len(k))
	}
	for _, r := range k {
		if r < ' ' || r > '~' {
			return fmt.Errorf("a key holds printable ASCII only")
		}
	}
	// What stands at the ends does not travel in a header, and protects nothing.
	if n := len(strings.Trim(k, " ")); n < MinAPIKey {
		return fmt.Errorf("a key has at least %d characters between its spaces, this one has %d", MinAPIKey, n)
	}
	return nil
}

// Loopback tells whether an address to listen on can be reached from this
// machine only. An empty host means every address of the machine.
func Loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// public tells whether remote sides may be given an address: what they push is
// to travel sealed, unless it stays on this machine.
func public(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && Loopback(net.JoinHostPort(u.Hostname(), "80"))
}

func address(listen string) error {
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("an address like 127.0.0.1:8484 is needed, not %q", listen)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q is no port; 0 to 65535", port)
	}
	return nil
}

func postgres(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql")
}
