package api

import (
	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/api/labelling"
)

// labels registers the operations on tags, fields and saved views.
func (a *api) labels() {
	o := labelling.Operations{Desk: a.desk}
	const see, work, settings = sellerdesk.RightSee, sellerdesk.RightWork, sellerdesk.RightSettings
	register(a, see, op("listTags", "GET", "/v1/tags", "tags", "List the tags", "By name, with how many conversations carry each, where whoever asks sees them."), o.ListTags)
	register(a, work, op("createTag", "POST", "/v1/tags", "tags", "Make a tag", "A name that another tag has, but for case and ё, is a conflict."), o.CreateTag)
	register(a, settings, op("changeTag", "PATCH", "/v1/tags/{id}", "tags", "Give a tag another name or colour", "Fields left out stay as they are. A name of another tag is a conflict."), o.ChangeTag)
	register(a, settings, op("removeTag", "DELETE", "/v1/tags/{id}", "tags", "Take a tag off everything and remove it", ""), o.RemoveTag)
	register(a, see, op("listFields", "GET", "/v1/fields", "fields", "List the fields", "What the house keeps of conversations and buyers beside what the channels tell, in its order."), o.ListFields)
	register(a, settings, op("createField", "POST", "/v1/fields", "fields", "Make a field", "Behind the others. What it is about and its kind stay as they are."), o.CreateField)
	register(a, settings, op("changeField", "PATCH", "/v1/fields/{id}", "fields", "Change a field", "What is left out stays as it is. Values that were chosen before stay where their option is gone."), o.ChangeField)
	register(a, settings, op("removeField", "DELETE", "/v1/fields/{id}", "fields", "Remove a field with all its values", ""), o.RemoveField)
	register(a, see, op("listViews", "GET", "/v1/views", "views", "List the saved views", "One's own, those of one's teams and those of the house, in this order. One that names a cabinet that may not be seen is left out."), o.ListViews)
	register(a, see, op("getView", "GET", "/v1/views/{id}", "views", "Get a saved view", "With its count. Whoever has its number, as from a link, may open it, and sees there what they may see."), o.GetView)
	register(a, work, op("createView", "POST", "/v1/views", "views", "Keep a view", "One's own, a team's, which its people may, or with house, which needs the right settings, everybody's."), o.CreateView)
	register(a, work, op("changeView", "PATCH", "/v1/views/{id}", "views", "Change a view", "Fields left out stay as they are."), o.ChangeView)
	register(a, work, op("removeView", "DELETE", "/v1/views/{id}", "views", "Remove a view", ""), o.RemoveView)
	register(a, work, op("labelContact", "PATCH", "/v1/contacts/{id}", "contacts", "Put tags on a person, take some off, set fields",
		"What is left out stays as it is. A name that no tag has makes one."), o.LabelContact)
}
