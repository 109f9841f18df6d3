package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/api/handling"
)

// handling registers the operations on teams and on whom conversations belong to.
func (a *api) handling() {
	o := handling.Operations{Desk: a.desk, Actor: actor}
	const see, work, settings = sellerdesk.RightSee, sellerdesk.RightWork, sellerdesk.RightSettings
	register(a, see, op("listTeams", "GET", "/v1/teams", "teams", "List the teams", "In the order they were made."), o.ListTeams)
	register(a, settings, op("createTeam", "POST", "/v1/teams", "teams", "Make a team", "A name of another team is a conflict."), o.CreateTeam)
	register(a, settings, op("changeTeam", "PATCH", "/v1/teams/{id}", "teams", "Change a team", "What is left out stays as it is. What belongs to the team stays with it."), o.ChangeTeam)
	register(a, settings, op("removeTeam", "DELETE", "/v1/teams/{id}", "teams", "Remove a team", "What belonged to it belongs to no team any more; its saved views are removed."), o.RemoveTeam)
	register(a, work, op("listCandidates", "GET", "/v1/conversations/{id}/candidates", "teams", "List whom a conversation can be given to",
		"The people who may answer there, by name, with what they have to answer and whether they are away; then the teams."), o.Candidates)
	register(a, anybody, op("getAway", "GET", "/v1/me/away", "teams", "Tell whether one is at work", ""), o.Standby)
	away := op("setAway", "POST", "/v1/me/away", "teams", "Go home, or come back",
		"What one has to answer when one goes stays with the team it belongs to, or belongs to nobody; the team is told.")
	away.DefaultStatus = http.StatusOK
	register(a, anybody, away, o.Away)
}

// op describes an operation: one that posts makes something, one that deletes has
// nothing to answer.
func op(id, method, path, tag, summary, description string) huma.Operation {
	out := huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{tag}, Summary: summary, Description: description}
	switch method {
	case http.MethodDelete:
		out.DefaultStatus = http.StatusNoContent
	case http.MethodPost:
		out.DefaultStatus = http.StatusCreated
	}
	return out
}
