package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/config"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/health"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// folder examines a data folder at rest. Opening the database takes its schema
// to this version, as a start would.
func (e *examination) folder(ctx context.Context, set config.Config) {
	if _, err := os.Stat(set.Data); err != nil {
		e.add(unopened(set.Data + ": " + console.Cause(err).Error()))
		return
	}
	e.disk(set.Data)
	keys := e.key(set.Data)
	if keys == nil {
		return
	}
	s, err := store.Open(ctx, store.Options{Path: filepath.Join(set.Data, databaseFile), URL: set.Database.Reveal(), Key: keys[0], OldKeys: keys[1:]})
	if err != nil {
		why := any(console.Sentence(err))
		if sellerdesk.CodeOf(err) == sellerdesk.CodeConflict {
			why = sellerdesk.Sentence{RU: "с ними работает другой процесс Sellerdesk, или ключ от другой базы", EN: console.Sentence(err)}
		}
		e.add(unopened(why))
		return
	}
	defer func() { _ = s.Close() }()
	e.credentials(ctx, s)
	monitor := health.NewMonitor(health.NewMetrics(health.Build{}), sellerdesk.Clock{})
	checker := health.NewChecker(monitor, s, channel.NewRoster(), &health.Disk{Dir: set.Data})
	found, err := checker.AtRest(ctx)
	if err != nil {
		e.add(unopened(console.Sentence(err)))
		return
	}
	e.add(health.Fine("data", "База данных открывается ("+s.Engine()+")", "The database opens ("+s.Engine()+")"))
	e.add(found...)
}

func unopened(why any) sellerdesk.Finding {
	return health.Find("data", sellerdesk.FindingFail, sellerdesk.CauseDataFolder, why)
}

// key looks at the file of the sealing keys; nil when it will not do.
func (e *examination) key(data string) [][]byte {
	path := filepath.Join(data, keyFile)
	info, err := os.Stat(path)
	if err != nil {
		e.add(health.Find("key", sellerdesk.FindingFail, sellerdesk.CauseKeyFile, sellerdesk.Sentence{RU: "нет файла " + path, EN: path + " is missing"}))
		return nil
	}
	keys, err := sealingKeys(data)
	switch {
	case err != nil:
		e.add(health.Find("key", sellerdesk.FindingFail, sellerdesk.CauseKeyFile, sellerdesk.Sentence{RU: "файл " + path + " не читается или повреждён", EN: console.Sentence(err)}))
		return nil
	case info.Mode().Perm()&0o077 != 0:
		e.add(health.Find("key", sellerdesk.FindingWarn, sellerdesk.CauseKeyFile,
			sellerdesk.Sentence{RU: "файл " + path + " могут читать другие: chmod 600", EN: "others on this machine can read " + path + ": chmod 600"}))
	case len(keys) > 1:
		e.add(health.Find("secrets", sellerdesk.FindingWarn, sellerdesk.CauseSecretsUnsealed))
	default:
		e.add(health.Fine("key", "Ключ шифрования на месте, читает его только владелец", "The sealing key is there, and only its owner can read it"))
	}
	return keys
}

// credentials opens those of each cabinet.
func (e *examination) credentials(ctx context.Context, s *store.Store) {
	_ = s.Read(ctx, func(tx *store.Tx) error { // what does not answer is told by what follows
		accounts, err := tx.Accounts.List(ctx)
		for _, a := range accounts {
			if _, err := tx.Accounts.Credentials(ctx, a.ID); err != nil {
				f := health.Find("key", sellerdesk.FindingFail, sellerdesk.CauseKeyFile,
					sellerdesk.Sentence{RU: "токен кабинета " + a.Name + " им не открывается", EN: "it does not open the token of " + a.Name})
				f.Account = &a.ID
				e.add(f)
			}
		}
		return err
	})
}
