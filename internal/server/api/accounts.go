package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// accounts are the operations on seller cabinets.
type accounts struct{ *api }

// mount registers them.
func (a accounts) mount() {
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "listAccounts", Method: http.MethodGet, Path: "/v1/accounts", Tags: []string{"accounts"},
		Summary: "List the seller cabinets", Description: "In the order in which they were added.",
	}, a.listAccounts)
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "getAccount", Method: http.MethodGet, Path: "/v1/accounts/{id}", Tags: []string{"accounts"},
		Summary: "Get a seller cabinet",
	}, a.getAccount)
	register(a.api, sellerdesk.RightAccounts, huma.Operation{
		OperationID: "addAccount", Method: http.MethodPost, Path: "/v1/accounts", Tags: []string{"accounts"}, DefaultStatus: http.StatusCreated,
		Summary:     "Add a seller cabinet",
		Description: "The credentials are proved at the remote side first; reading starts at once. A second account of one cabinet is a conflict.",
	}, a.addAccount)
	register(a.api, sellerdesk.RightAccounts, huma.Operation{
		OperationID: "actOnAccount", Method: http.MethodPost, Path: "/v1/accounts/{id}/actions", Tags: []string{"accounts"},
		Summary: "Pause, resume, repair, rename an account or replace its credentials",
		Description: "rename takes name, credentials takes credentials. Paused accounts are neither read nor do their messages leave. " +
			"repair reads everything again, so that what is missing comes back; streams tell how far it is.",
	}, a.actOnAccount)
	register(a.api, sellerdesk.RightDelete, huma.Operation{
		OperationID: "removeAccount", Method: http.MethodDelete, Path: "/v1/accounts/{id}", Tags: []string{"accounts"}, DefaultStatus: http.StatusNoContent,
		Summary: "Forget an account with everything of it", Description: "It cannot be undone.",
	}, a.removeAccount)
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "listTemplates", Method: http.MethodGet, Path: "/v1/accounts/{id}/templates", Tags: []string{"accounts"},
		Summary:     "List the texts that the messengers of an account approved",
		Description: "As they were read last, at least once an hour. Empty where the channel has none. Those that cannot be sent now say why in reason.",
	}, a.listTemplates)
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "listDrivers", Method: http.MethodGet, Path: "/v1/drivers", Tags: []string{"accounts"},
		Summary: "List the channels that an account can be added for",
	}, a.listDrivers)
}

// AccountPath names an account.
type AccountPath struct {
	ID sellerdesk.AccountID `path:"id" minimum:"1"`
}

type templatesInput struct {
	AccountPath
	Source sellerdesk.RemoteID `query:"source" maxLength:"500" doc:"Only those of this source of the account's identity"`
	Anew   bool                `query:"anew" doc:"Asks the messenger first, unless it was asked within ten seconds"`
}

type templatesOutput struct {
	Body struct {
		Items []sellerdesk.RemoteTemplate `json:"items"`
	} `nameHint:"Templates"`
}

func (a accounts) listTemplates(ctx context.Context, in *templatesInput) (*templatesOutput, error) {
	list, err := a.desk.Accounts.Templates(ctx, in.ID, in.Source, in.Anew)
	out := &templatesOutput{}
	out.Body.Items = filled(list)
	return out, err
}

// listAccounts gives a page; its cursor is the last id of the page before.
func (a accounts) listAccounts(ctx context.Context, in *PageQuery) (*pageOutput[sellerdesk.Account], error) {
	var after int64
	if in.Cursor != "" {
		var err error
		if after, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || after < 1 {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The cursor is not one of this list.").InField("cursor")
		}
	}
	var rest []sellerdesk.Account
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		rest, err = tx.Accounts.List(ctx)
		return err
	})
	rest = slices.DeleteFunc(rest, func(account sellerdesk.Account) bool { return int64(account.ID) <= after })
	next := ""
	if len(rest) > in.Limit {
		rest = rest[:in.Limit]
		next = strconv.FormatInt(int64(rest[in.Limit-1].ID), 10)
	}
	for i := range rest {
		rest[i] = a.withBudget(rest[i])
	}
	return paged(rest, next), err
}

func (a accounts) getAccount(ctx context.Context, in *AccountPath) (*output[sellerdesk.Account], error) {
	var account sellerdesk.Account
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		account, err = tx.Accounts.Get(ctx, in.ID)
		return err
	})
	return &output[sellerdesk.Account]{Body: a.withBudget(account)}, err
}

// withBudget adds what only the opened connector knows.
func (a accounts) withBudget(account sellerdesk.Account) sellerdesk.Account {
	account.Budget = filled(a.deps.Roster.Budget(account.ID))
	account.Streams = filled(account.Streams)
	account.Identity.Scopes = filled(account.Identity.Scopes)
	account.Abilities = filled(account.Abilities)
	return account
}

// credentials are what the form of the channel asks for, by field name.
type credentials map[string]sellerdesk.Secret

type addAccountInput struct {
	Body struct {
		Channel     sellerdesk.ChannelKind `json:"channel" doc:"kind of a driver"`
		Name        sellerdesk.Optional    `json:"name,omitempty" maxLength:"200" doc:"As people here see it; absent takes the name of the cabinet"`
		Credentials credentials            `json:"credentials" doc:"By the names of the driver's fields"`
		BaseURL     sellerdesk.Optional    `json:"base_url,omitempty" maxLength:"2000" doc:"Replaces the real address of the remote side"`
	} `nameHint:"NewAccount"`
}

func (a accounts) addAccount(ctx context.Context, in *addAccountInput) (*output[sellerdesk.Account], error) {
	account, err := a.desk.Accounts.Add(ctx, desk.AddAccount{
		Channel: in.Body.Channel, Name: string(in.Body.Name),
		BaseURL: string(in.Body.BaseURL), Credentials: in.Body.Credentials,
	})
	return &output[sellerdesk.Account]{Body: a.answered(ctx, account)}, err
}

// answered is an account in the answer to a write. One that is kept for its key
// must not hold the secret address for pushes, which is sealed elsewhere.
func (a accounts) answered(ctx context.Context, account sellerdesk.Account) sellerdesk.Account {
	if account.Push != nil && intent(ctx) != "" {
		push := *account.Push
		push.Address = ""
		account.Push = &push
	}
	return a.withBudget(account)
}

type accountActionInput struct {
	AccountPath
	Body struct {
		Action      string              `json:"action" enum:"pause,resume,repair,rename,credentials"`
		Name        sellerdesk.Optional `json:"name,omitempty" maxLength:"200" doc:"For rename"`
		Credentials credentials         `json:"credentials,omitempty" doc:"For credentials"`
	} `nameHint:"AccountAction"`
}

func (a accounts) actOnAccount(ctx context.Context, in *accountActionInput) (*output[sellerdesk.Account], error) {
	var account sellerdesk.Account
	var err error
	switch in.Body.Action {
	case "pause":
		account, err = a.desk.Accounts.Pause(ctx, in.ID)
	case "resume":
		account, err = a.desk.Accounts.Resume(ctx, in.ID)
	case "repair":
		account, err = a.desk.Accounts.Repair(ctx, in.ID)
	case "rename":
		account, err = a.desk.Accounts.Rename(ctx, in.ID, string(in.Body.Name))
	default:
		account, err = a.desk.Accounts.ReplaceCredentials(ctx, in.ID, in.Body.Credentials)
	}
	return &output[sellerdesk.Account]{Body: a.answered(ctx, account)}, err
}

func (a accounts) removeAccount(ctx context.Context, in *AccountPath) (*struct{}, error) {
	return nil, a.desk.Accounts.Remove(ctx, in.ID)
}

// Driver is how a channel is offered.
type Driver struct {
	Kind   sellerdesk.ChannelKind     `json:"kind"`
	Title  string                     `json:"title"`
	Fields []DriverField              `json:"fields" doc:"The form of the credentials"`
	Can    []sellerdesk.KindAbilities `json:"can"`
}

// DriverField is one credential in the form that adds an account.
type DriverField struct {
	Name   string            `json:"name" doc:"Key in credentials"`
	Title  map[string]string `json:"title" doc:"By language"`
	Help   map[string]string `json:"help" doc:"By language"`
	Secret bool              `json:"secret" doc:"Hidden while typing"`
	// Optional ones may be left out.
	Optional bool `json:"optional" doc:"May be left out"`
}

func (a accounts) listDrivers(context.Context, *PageQuery) (*pageOutput[Driver], error) {
	var list []Driver
	for _, d := range a.desk.Accounts.Drivers() {
		list = append(list, describe(d))
	}
	return paged(list, ""), nil
}

func describe(d channel.Driver) Driver {
	out := Driver{Kind: d.Kind, Title: d.Title, Fields: []DriverField{}, Can: []sellerdesk.KindAbilities{}}
	for _, f := range d.Fields {
		out.Fields = append(out.Fields, DriverField{Name: f.Name, Title: texts(f.Title), Help: texts(f.Help), Secret: f.Secret, Optional: f.Optional})
	}
	for _, kind := range sellerdesk.Kinds() {
		if can, ok := d.Can[kind]; ok {
			out.Can = append(out.Can, sellerdesk.KindAbilities{Kind: kind, Can: filled(can)})
		}
	}
	return out
}

func texts(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
