package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/console"
)

func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write manual pages into a folder",
		Long:  "Write a manual page for each command into a folder, which is made where it is not there. Read one with man -l DIR/sellerdesk.1, or put them where man looks.",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s cannot be made: %v.", args[0], err).Because(err)
			}
			root := c.Root()
			root.DisableAutoGenTag = true // the same program writes the same pages
			root.InitDefaultCompletionCmd()
			head := doc.GenManHeader{Section: "1", Source: "Sellerdesk " + console.ThisBuild().Version, Manual: "Sellerdesk"}
			if err := doc.GenManTree(root, &head, args[0]); err != nil {
				return fmt.Errorf("write manual pages: %w", err)
			}
			for _, topic := range root.Commands() {
				if topic.IsAdditionalHelpTopicCommand() {
					if err := manTopic(topic, head, args[0]); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}
}

// manTopic writes the page of what is no command.
func manTopic(topic *cobra.Command, head doc.GenManHeader, dir string) error {
	f, err := os.Create(filepath.Join(dir, "sellerdesk-"+topic.Name()+".1"))
	if err != nil {
		return fmt.Errorf("write manual pages: %w", err)
	}
	defer f.Close()
	head.Title = ""
	if err := doc.GenMan(topic, &head, f); err != nil {
		return fmt.Errorf("write manual pages: %w", err)
	}
	return f.Close()
}
