package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/desk"
)

// Files in the data folder.
const (
	databaseFile = "sellerdesk.db"
	keyFile      = "secret.key"
	blobsFolder  = "blobs"
	// unfinishedKeys are files of keys that are being written.
	unfinishedKeys = "." + keyFile + "-*"
)

// mostKeys bounds how many keys the file may hold: there are two while one is
// changed.
const mostKeys = 4

// sealingKeys reads the keys that seal credentials, the newest first, and makes
// one at the first start. Mostly there is one; while it is changed the one before
// stands on a second line. The file lies beside the database, never inside, so
// that a copy of the database alone gives no access to a cabinet.
func sealingKeys(data string) ([][]byte, error) {
	path := filepath.Join(data, keyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key, err := newSealingKey(data, path)
		return [][]byte{key}, err
	}
	if err != nil {
		return nil, sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The key %s cannot be read.", path).Because(err)
	}
	var keys [][]byte
	for line := range strings.Lines(string(text)) {
		key, err := hex.DecodeString(strings.TrimRight(line, "\r\n"))
		if err != nil || len(key) != 32 || len(keys) == mostKeys {
			return nil, damaged(path)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, damaged(path)
	}
	return keys, nil
}

func damaged(path string) error {
	return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s is damaged: 64 hexadecimal digits belong there. Put the file back from a copy.", path)
}

func newSealingKey(data, path string) ([]byte, error) {
	if _, err := os.Stat(filepath.Join(data, databaseFile)); err == nil {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s is missing while its database is there. Put the file back from a copy, else the credentials in the database cannot be opened.", path)
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, diskTrouble(path, err)
	}
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, diskTrouble(path, errors.Join(err, os.Remove(path)))
	}
	return key, nil
}

// keyFileOf lets the desk change the keys of a data folder.
func keyFileOf(data string) desk.KeyFile {
	return desk.KeyFile{
		Add: func(key []byte) error {
			keys, err := sealingKeys(data)
			if err != nil {
				return err
			}
			return writeKeys(data, append([][]byte{key}, keys...))
		},
		Trim: func() error {
			keys, err := sealingKeys(data)
			if err != nil {
				return err
			}
			return writeKeys(data, keys[:1])
		},
	}
}

// writeKeys replaces the file of the keys: after a crash it is the old one or
// the new one, never half of either.
func writeKeys(data string, keys [][]byte) error {
	path := filepath.Join(data, keyFile)
	var text bytes.Buffer
	for _, k := range keys {
		text.WriteString(hex.EncodeToString(k) + "\n")
	}
	f, err := os.CreateTemp(data, unfinishedKeys) // with mode 0600
	if err != nil {
		return diskTrouble(path, err)
	}
	_, err = f.Write(text.Bytes())
	err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncFolder(data)
	}
	if err != nil {
		return diskTrouble(path, errors.Join(err, ignoreMissing(os.Remove(f.Name()))))
	}
	return nil
}

// dropUnfinishedKeys removes what a process left that ended in the middle of
// writeKeys: it holds keys. It is called at the start, before anybody changes them.
func dropUnfinishedKeys(data string) error {
	left, err := fs.Glob(os.DirFS(data), unfinishedKeys)
	if err != nil {
		return fmt.Errorf("look for unfinished files of keys: %w", err)
	}
	for _, name := range left {
		path := filepath.Join(data, name)
		if err := ignoreMissing(os.Remove(path)); err != nil {
			return diskTrouble(path, err)
		}
	}
	return nil
}

// syncFolder makes a rename in a folder survive a power cut.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// dataFolder makes the folder of the data.
func dataFolder(dir string) error {
	if dir == "" {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "--data: a folder for the data is needed.")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return diskTrouble(dir, err)
	}
	return nil
}

func diskTrouble(path string, err error) error {
	return sellerdesk.Errorf(sellerdesk.CodeUnavailable, "%s cannot be written: %v.", path, console.Cause(err)).
		Because(fmt.Errorf("write %s: %w", path, err))
}
