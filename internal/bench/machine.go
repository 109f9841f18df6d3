package bench

import (
	"bufio"
	"os"
	"runtime"
	"strings"
)

// Machine is where the figures come from.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory string `json:"memory"`
	OS     string `json:"os"`
	Go     string `json:"go"`
}

func thisMachine() Machine {
	return Machine{
		CPU:    lineOf("/proc/cpuinfo", "model name"),
		Cores:  runtime.NumCPU(),
		Memory: lineOf("/proc/meminfo", "MemTotal"),
		OS:     strings.Trim(lineAfter("/etc/os-release", "PRETTY_NAME="), `"`) + ", " + runtime.GOOS + "/" + runtime.GOARCH,
		Go:     runtime.Version(),
	}
}

// lineOf gives what stands behind the colon of a line that starts with name;
// "unknown" when there is none.
func lineOf(path, name string) string {
	text := strings.TrimLeft(lineAfter(path, name), "\t ")
	return strings.TrimSpace(strings.TrimPrefix(text, ":"))
}

func lineAfter(path, start string) string {
	f, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), start); ok {
			return rest
		}
	}
	return "unknown"
}
