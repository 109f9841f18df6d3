package settings

import (
	"strings"

	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// sign is a word in what a browser says of itself, and what it stands for.
type sign struct{ word, name string }

// browsers go from the particular to the general: nearly every browser also
// names those it is like.
func browsers() []sign {
	return []sign{
		{"YaBrowser/", "YaBrowser"}, {"OPR/", "Opera"}, {"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"Vivaldi/", "Vivaldi"}, {"SamsungBrowser/", "Samsung Internet"},
		{"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chromium/", "Chromium"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"},
	}
}

func systems() []sign {
	return []sign{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
}

func named(agent string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(agent, s.word) {
			return s.name
		}
	}
	return ""
}

// agent says in a few words what a browser says of itself in many.
func agent(v *View, text string) string {
	browser, system := named(text, browsers()), named(text, systems())
	switch {
	case browser != "" && system != "":
		return v.Own.UserAgent(browser, system)
	case browser != "":
		return browser
	case system != "":
		return system
	case text != "":
		return prose.Clip(prose.Line(text), 40)
	default:
		return v.Own.SomeBrowser
	}
}

func agentIcon(text string) string {
	switch named(text, systems()) {
	case "iPhone", "Android":
		return "phone"
	default:
		return "monitor"
	}
}
