package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sellerdesk/sellerdesk"
)

// Files in the data folder.
const (
	databaseFile = "sellerdesk.db"
	keyFile      = "secret.key"
	blobsFolder  = "blobs"
)

// sealingKey reads the key that seals credentials, and makes it at the first
// start. It lies beside the database, never inside, so that a copy of the
// database alone gives no access to a cabinet.
func sealingKey(data string) ([]byte, error) {
	path := filepath.Join(data, keyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newSealingKey(data, path)
	}
	if err != nil {
		return nil, sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The key %s cannot be read.", path).Because(err)
	}
	key, err := hex.DecodeString(string(trimLine(text)))
	if err != nil || len(key) != 32 {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s is damaged: 64 hexadecimal digits belong there. Put the file back from a copy.", path)
	}
	return key, nil
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
	return sellerdesk.Errorf(sellerdesk.CodeUnavailable, "%s cannot be written: %v.", path, cause(err)).
		Because(fmt.Errorf("write %s: %w", path, err))
}

// cause is the last word of a chain, as "no space left on device".
func cause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

func trimLine(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == '\n' || b[len(b)-1] == '\r') {
		b = b[:len(b)-1]
	}
	return b
}
