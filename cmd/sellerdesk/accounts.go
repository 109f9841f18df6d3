package main

import "github.com/spf13/cobra"

func newAccounts() *cobra.Command { return &cobra.Command{Use: "accounts"} }
