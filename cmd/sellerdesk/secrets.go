package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/config"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func newSecrets() *cobra.Command {
	c := &cobra.Command{
		Use:   "secrets",
		Short: "Change the key that seals tokens and other secrets",
		Args:  cobra.NoArgs,
		RunE:  console.ShowHelp,
	}
	c.AddCommand(newSecretsRotate())
	return c
}

func newSecretsRotate() *cobra.Command {
	c := &cobra.Command{
		Use:   "rotate",
		Short: "Make a new key and seal everything with it",
		Long: "Rotate makes a new sealing key beside the old one, seals all secrets anew and gives the old key up. A running server does it while it works; with --data and no --server it is done in a data folder on which no server runs.\n" +
			"It can be cut short at any moment: the next start, or the next rotate, does the rest. Copies of the data made before need the old key file.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			done, err := rotate(c)
			if err != nil {
				return err
			}
			return console.PrintOne(c, done, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "The sealing key was changed; %d secrets were sealed anew. Make a copy of %s.\n", done.Sealed, keyFile)
				return err
			})
		},
	}
	console.Offer(c, config.Server, config.Data, config.Database)
	key := config.Find(config.APIKey)
	c.Flags().String(key.Flag(), key.Default, fmt.Sprintf("%s (%s)", console.ClientUsage(key), key.Variable()))
	c.Flags().Bool("json", false, "answer in JSON")
	return c
}

func rotate(c *cobra.Command) (sellerdesk.Rotation, error) {
	if c.Flags().Changed(config.Data) && !c.Flags().Changed(config.Server) {
		set, err := console.Load(c)
		if err != nil {
			return sellerdesk.Rotation{}, err
		}
		return rotateAtRest(c.Context(), set)
	}
	server, err := console.Dial(c)
	if err != nil {
		return sellerdesk.Rotation{}, err
	}
	done, err := server.House.RotateSecrets(c.Context())
	if err != nil {
		return sellerdesk.Rotation{}, console.Unreachable(err)
	}
	return done, nil
}

// rotateAtRest changes the key of a data folder on which no server runs.
func rotateAtRest(ctx context.Context, set config.Config) (sellerdesk.Rotation, error) {
	keys, err := sealingKeys(set.Data)
	if err != nil {
		return sellerdesk.Rotation{}, err
	}
	s, err := store.Open(ctx, store.Options{
		Path: filepath.Join(set.Data, databaseFile), URL: set.Database.Reveal(), Key: keys[0], OldKeys: keys[1:],
	})
	if err != nil {
		return sellerdesk.Rotation{}, err
	}
	defer func() { _ = s.Close() }()
	d := desk.New(desk.Deps{Store: s, Keys: keyFileOf(set.Data), Log: slog.New(slog.DiscardHandler)})
	return d.Secrets.Rotate(ctx)
}
