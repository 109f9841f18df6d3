package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sellerdesk/sellerdesk/internal/store"
)

// errNoPostgres: there is neither a server nor the programs to start one.
var errNoPostgres = errors.New("PostgreSQL cannot be had: set SELLERDESK_TEST_POSTGRES to the address of a server, or install its programs")

// cluster is the server of this test run. One is enough, it costs a second;
// databases are made of a template, each costs some ten milliseconds.
type cluster struct {
	address *url.URL
	name    string // what the databases of this run begin with
	made    atomic.Int64
	// alive is the input of the watchdog, which ends with this process.
	alive io.Closer
	// making: PostgreSQL copies a template for one at a time.
	making sync.Mutex
}

// theCluster is started by the first test that wants it and lives as long as
// the test binary; the watchdog of start ends it.
var theCluster = sync.OnceValues(startCluster)

// Postgres gives the address of a fresh database with the schema in it. It
// skips the test where PostgreSQL cannot be had.
func Postgres(tb testing.TB) string {
	tb.Helper()
	c, err := theCluster()
	switch {
	case errors.Is(err, errNoPostgres) && !required("postgres"):
		tb.Skip(err)
	case err != nil:
		tb.Fatal(err)
	}
	name := fmt.Sprintf("%s_%d", c.name, c.made.Add(1))
	if err := c.create(tb.Context(), name); err != nil {
		tb.Fatalf("make a database: %v", err)
	}
	tb.Cleanup(func() {
		if err := c.exec(context.WithoutCancel(tb.Context()), `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
			tb.Errorf("drop a database: %v", err)
		}
	})
	return c.database(name)
}

// havePostgres tells whether PostgreSQL can be had.
func havePostgres() bool {
	_, err := theCluster()
	return err == nil
}

func (c *cluster) database(name string) string {
	u := *c.address
	u.Path = "/" + name
	return u.String()
}

func (c *cluster) create(ctx context.Context, name string) error {
	c.making.Lock()
	defer c.making.Unlock()
	return c.exec(ctx, `CREATE DATABASE `+name+` TEMPLATE `+c.name)
}

func (c *cluster) exec(ctx context.Context, statement string) error {
	return c.execIn(ctx, "postgres", statement)
}

func (c *cluster) execIn(ctx context.Context, database, statement string) error {
	conn, err := pgx.Connect(ctx, c.database(database))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// startCluster finds or starts a server and makes the template.
func startCluster() (*cluster, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := &cluster{name: fmt.Sprintf("sellerdesk_test_%d", os.Getpid())}
	address := os.Getenv("SELLERDESK_TEST_POSTGRES")
	if address == "" {
		var err error
		if address, c.alive, err = startPrivate(ctx); err != nil {
			return nil, err
		}
	}
	var err error
	if c.address, err = url.Parse(address); err != nil {
		return nil, errors.New("the address in SELLERDESK_TEST_POSTGRES is not understood")
	}
	if err := c.exec(ctx, `DROP DATABASE IF EXISTS `+c.name+` WITH (FORCE)`); err != nil {
		return nil, fmt.Errorf("reach PostgreSQL: %w", err)
	}
	if err := c.exec(ctx, `CREATE DATABASE `+c.name+` TEMPLATE template0 ENCODING 'UTF8'`); err != nil {
		return nil, fmt.Errorf("make the template: %w", err)
	}
	s, err := store.Open(ctx, store.Options{URL: c.database(c.name), Key: make([]byte, 32)})
	if err != nil {
		return nil, fmt.Errorf("fill the template: %w", err)
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	// Whoever opens a copy first brings the key.
	return c, c.execIn(ctx, c.name, `DELETE FROM settings`)
}

// programs finds the folder of PostgreSQL's programs, the newest version.
func programs() (string, bool) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), true
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", false
	}
	return filepath.Dir(found[len(found)-1]), true
}

// startPrivate starts a cluster that nobody else sees: in a temporary folder,
// on a socket, without the care for power cuts. A shell waits for the end of
// this process, which closes its input, and then stops and removes all.
func startPrivate(ctx context.Context) (address string, alive io.Closer, err error) {
	bin, ok := programs()
	if !ok {
		return "", nil, errNoPostgres
	}
	dir, err := os.MkdirTemp("", "sellerdesk-postgres-")
	if err != nil {
		return "", nil, err
	}
	asPostgres, err := otherUser(dir)
	if err != nil {
		return "", nil, err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = dir, asPostgres
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	options := "-F -c listen_addresses='' -c unix_socket_directories='" + dir + "' -c max_connections=300 -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB"
	start := exec.CommandContext(ctx, filepath.Join(bin, "pg_ctl"), "-D", data, "-w", "-l", filepath.Join(dir, "log"), "-o", options, "start")
	start.Dir, start.SysProcAttr = dir, asPostgres
	if err := start.Run(); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return "", nil, fmt.Errorf("start PostgreSQL: %w: %s", err, log)
	}
	watchdog := exec.Command("/bin/sh", "-c", `read -r _; "$0" -D "$1" -m immediate stop >/dev/null 2>&1; rm -rf "$2"`,
		filepath.Join(bin, "pg_ctl"), data, dir)
	watchdog.Dir, watchdog.SysProcAttr = "/", asPostgres
	alive, err = watchdog.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	if err := watchdog.Start(); err != nil {
		return "", nil, fmt.Errorf("start the watchdog: %w", err)
	}
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(dir), alive, nil
}
