package api

// examples are bodies of requests, by operation, as a person would write them
// first. A test holds each against its schema.
func examples() map[string]any {
	type object = map[string]any
	return map[string]any{
		"postMessage":       object{"text": "Здравствуйте! Заказ уже едет, он будет у вас завтра."},
		"writeNote":         object{"text": "@[2] the supplier says Monday"},
		"changeNote":        object{"text": "@[2] the supplier says Tuesday"},
		"addTask":           object{"text": "Ask the supplier", "user": 2, "due_at": "2026-11-03T09:00:00Z"},
		"changeTask":        object{"done": true},
		"readNotifications": object{"up_to": 120},
		"putDraft":          object{"text": "Здравствуйте! Мы уже", "seen": 31},
		"tellPresence":      object{"typing": true, "window": "a1"},
		"startConversation": object{"account": 1, "order": "7206821"},
		"actOnConversation": object{"action": "close"},
		"addAccount":        object{"channel": "shop", "name": "My shop", "credentials": object{"token": "…"}},
		"actOnAccount":      object{"action": "rename", "name": "My other shop"},
		"bulk":              object{"filter": "kind:review stars:5", "action": "answer", "texts": []string{"Спасибо за отзыв!"}, "preview": true},
		"createTeam":        object{"name": "Возвраты", "members": []int{2, 3}},
		"changeTeam":        object{"members": []int{2, 3, 5}},
		"setAway":           object{"away": true},
		"createTag":         object{"name": "Срочно", "color": 3},
		"changeTag":         object{"name": "Очень срочно"},
		"createField":       object{"name": "Причина", "kind": "choice", "options": []string{"Брак", "Не тот размер"}},
		"changeField":       object{"name": "Причина возврата", "position": 0},
		"createView":        object{"name": "Возвраты ждут", "query": "kind:claim state:waiting", "sort": "waiting", "house": true},
		"changeView":        object{"query": "kind:claim tag:Срочно"},
		"labelContact":      object{"tags": object{"add": []string{"Постоянный"}}, "fields": []object{{"field": "Размер", "value": "M"}}},
		"createTemplate":    object{"folder": "Возвраты", "name": "Как вернуть", "text": "{Здравствуйте|Добрый день}, {имя|друг}! Вернуть {товар|заказ} можно в пункте выдачи."},
		"changeTemplate":    object{"text": "Здравствуйте, {имя|друг}!"},
		"previewTemplate":   object{"template": 3, "conversation": 7},
		"mergeContact":      object{"contact": 12},
		"unmergeContact":    object{"contact": 12},
		"dismissContact":    object{"contact": 12},
		"noteContact":       object{"text": "Asks for a call before the delivery"},
		"updateMe":          object{"language": "en", "theme": "dark"},
		"createWebhook":     object{"name": "ERP", "url": "https://erp.example/sellerdesk", "kinds": []string{"message.*", "outbox.settled"}},
		"changeWebhook":     object{"name": "ERP, new address", "url": "https://erp.example/inbox"},
		"actOnWebhook":      object{"action": "rotate"},
		"redeliver":         object{"from": 1200, "to": 1300},
		"inviteUser":        object{"name": "Anna", "grants": []object{{"role": "operator", "account": 1}}},
		"changeUser":        object{"grants": []object{{"role": "lead"}}},
		"setRole":           object{"title": "Night shift", "rights": []string{"see", "work", "bulk"}},
		"createKey":         object{"name": "ERP", "rights": []string{"see", "work"}, "accounts": []int{1}, "limit": 600},
		"setPassword":       object{"old": "the password until now", "new": "a long and better password"},
		"beginSecondFactor": object{"password": "the password"},

		"confirmSecondFactor": object{"code": "123456"},
		"removeSecondFactor":  object{"password": "the password"},
	}
}
