package bench

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// benchKey lets the measures in; the servers they start listen on the loopback
// and live for seconds.
const benchKey sellerdesk.Secret = "measured-from-the-loopback"

// process measures the product as a process of its own on an existing database:
// start, memory at rest, size of the program.
func process(ctx context.Context, rig *Rig, data string) ([]Row, error) {
	const starts = 5
	var ready durations
	var resident int64
	for n := range starts {
		c, err := startChild(ctx, rig, data)
		if err != nil {
			return nil, err
		}
		ready = append(ready, c.ready)
		if n == starts-1 {
			time.Sleep(5 * time.Second) // at rest
			resident, err = residentMemory(c.cmd.Process.Pid)
		}
		if stopErr := c.stop(); err == nil {
			err = stopErr
		}
		if err != nil {
			return nil, err
		}
		rig.progress("starts", n+1, starts)
	}
	info, err := os.Stat(rig.Command().Path)
	if err != nil {
		return nil, fmt.Errorf("measure the program: %w", err)
	}
	return []Row{
		{Name: "start until ready on the large database, median of 5", Unit: "s", Value: ready.percentile(.5).Seconds(), Bound: 0.5},
		{Name: "memory at rest on the large database (resident)", Unit: "MB", Value: float64(resident) / 1e6, Bound: 60},
		{Name: "size of the program", Unit: "MB", Value: float64(info.Size()) / 1e6, Bound: 60},
	}, nil
}

// child is the product as a process of its own.
type child struct {
	cmd   *exec.Cmd
	url   string
	ready time.Duration // from the start until it answered
	ended chan error    // gets the end of the process once
}

// startChild starts the product on a data folder and waits until it is ready.
func startChild(ctx context.Context, rig *Rig, data string, more ...string) (*child, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	args := append([]string{"serve", "--listen", address, "--data", data, "--api-key", benchKey.Reveal(), "--log", "warn"}, more...)
	c := &child{cmd: rig.Command(args...), url: "http://" + address, ended: make(chan error, 1)}
	var said strings.Builder
	c.cmd.Stderr = &said
	began := time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the product: %w", err)
	}
	go func() { c.ended <- c.cmd.Wait() }()
	probe := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	up := await(ctx, 20*time.Second, 2*time.Millisecond, func() bool {
		select {
		case err := <-c.ended:
			c.ended <- err
			return true
		default:
		}
		res, err := probe.Get(c.url + "/readyz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	c.ready = time.Since(began)
	select {
	case err := <-c.ended:
		return nil, fmt.Errorf("the product ended at its start (%w): %s", err, said.String())
	default:
	}
	if !up {
		_ = c.kill()
		return nil, fmt.Errorf("the product was not ready within 20 s")
	}
	return c, nil
}

// stop asks the process to end and waits for it.
func (c *child) stop() error {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // gone already: Wait tells
	select {
	case err := <-c.ended:
		if err != nil {
			return fmt.Errorf("stop the product: %w", err)
		}
		return nil
	case <-time.After(30 * time.Second):
		_ = c.kill()
		return fmt.Errorf("the product did not end within 30 s")
	}
}

// kill ends the process without a word (SIGKILL).
func (c *child) kill() error {
	err := c.cmd.Process.Kill()
	<-c.ended
	return err
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// residentMemory reads the memory of a process in bytes.
func residentMemory(pid int) (int64, error) { return memoryOf(pid, "VmRSS") }

// memoryOf reads a figure of the memory of a process in bytes, by the name that
// the system gives it.
func memoryOf(pid int, name string) (int64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("read the memory of the product: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) >= 2 && words[0] == name+":" {
			kb, err := strconv.ParseInt(words[1], 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("the system does not tell the memory of a process")
}

// processorTime is how long a process has used processors.
func processorTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("read the processor time of the product: %w", err)
	}
	// The name in brackets may hold anything; the figures stand behind it, of
	// the process and of the system for it, in hundredths of a second.
	_, behind, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(behind)
	if len(fields) < 13 {
		return 0, fmt.Errorf("the system does not tell the processor time of a process")
	}
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read the processor time of the product: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}
