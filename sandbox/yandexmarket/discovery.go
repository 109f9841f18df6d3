package yandexmarket

import (
	"strconv"
)

type businessJSON struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type campaignJSON struct {
	Domain       string       `json:"domain"`
	ID           int64        `json:"id"`
	Business     businessJSON `json:"business"`
	Placement    string       `json:"placementType"`
	Availability string       `json:"apiAvailability"`
}

func (c *call) shop(i int) campaignJSON {
	name := c.account.Name
	if i > 0 {
		name += " — экспресс"
	}
	return campaignJSON{name, Campaigns(c.account)[i], businessJSON{Business(c.account), c.account.Name}, []string{"FBS", "FBY"}[i%2], "AVAILABLE"}
}

func (c *call) campaigns() {
	limit, after, ok := c.page(100, 100)
	if !ok {
		return
	}
	q, from := c.r.URL.Query(), 0
	if after != nil {
		from = int(max(0, min(after[0], 100)))
	}
	size := limit
	if raw := q.Get("pageSize"); raw != "" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 1 || n > 100 {
			c.bad("Value / length of field (pageSize) must be between 1 and 100")
			return
		}
		size = n
	}
	current := 1
	if raw := q.Get("page"); raw != "" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 1 || n > 10_000 {
			c.bad("Value / length of field (page) must be between 1 and 10000")
			return
		}
		current, from = n, (n-1)*size
	}
	answer := struct {
		Campaigns []campaignJSON `json:"campaigns"`
		Pager     map[string]int `json:"pager"`
		Paging    paging         `json:"paging"`
	}{Campaigns: []campaignJSON{}}
	total := len(Campaigns(c.account))
	if c.cabinet.isDisabled() {
		total = 0
	}
	for i := from; i < min(from+size, total); i++ {
		answer.Campaigns = append(answer.Campaigns, c.shop(i))
	}
	answer.Pager = map[string]int{
		"total": total, "from": min(from+1, total), "to": min(from+size, total), "currentPage": current, "pagesCount": (total + size - 1) / size, "pageSize": size,
	}
	if from+size < total {
		answer.Paging = nextPage(int64(from + size))
	}
	writeJSON(c.rw, 200, answer)
}

func (c *call) campaign() {
	for i, id := range Campaigns(c.account) {
		if strconv.FormatInt(id, 10) == c.r.PathValue("campaign") {
			writeJSON(c.rw, 200, map[string]campaignJSON{"campaign": c.shop(i)})
			return
		}
	}
	c.missing("Resource not found")
}

func (c *call) settings() {
	c.cabinet.mu.Lock()
	level := c.cabinet.level
	c.cabinet.mu.Unlock()
	c.ok(map[string]any{
		"info":     businessJSON{Business(c.account), c.account.Name},
		"settings": map[string]any{"onlyDefaultPrice": true, "currency": "RUR"}, "subscriptionLevel": level,
	})
}

func (c *call) token() {
	if c.who.oauth {
		fail(c.rw, 401, "UNAUTHORIZED", "Api-Key token is not specified")
		return
	}
	have := []Scope{}
	for _, s := range scopes {
		if c.who.has(s) {
			have = append(have, s)
		}
	}
	c.ok(map[string]any{"apiKey": map[string]any{"name": "Ключ кабинета «" + c.account.Name + "»", "authScopes": have}})
}
