package texts

import "fmt"

// Library is what is said about templates: texts of ours.
type Library struct {
	// The list of the settings.
	Title, Hint, New, None, NoneHint, NothingFound, Search, SearchFor, Folders, AllFolders, NoFolder string
	Whose, Both, House, Mine, Own, Find, Older, Never                                                string
	Uses, Files, Found                                                                               func(n int) string

	// The editor.
	Edit, Name, NameHint, Folder, FolderHint, Text, TextHint, Insert, Owner, OwnerHint, Kinds, KindsHint, Accounts, AccountsHint string
	Attached, AttachedHint, Attach, Keep, Save, Saved, Made, Remove, RemoveHint, RemoveSure, Removed, ReadOnly                   string
	Preview, PreviewFor, PreviewNobody, Redraw, Characters                                                                       string
	// Parts are what can be put into a text: what it is called and what is written.
	Parts []TextPart

	// The table.
	Table, TableHint, Export, Import, ImportHint, Choose, Imported, Lines, Line, Column, Reason, NoFile string
	Created, Changed, Unchanged, Failed                                                                 func(n int) string

	// The composer.
	Pick, PickHint, NoMatch, Suggested, Manage string
	Offered                                    func(n int) string

	// Wrong says what is wrong with a field; empty where the sentence of the program is
	// said.
	Wrong map[string]string
	// Columns names the columns of the table.
	Columns map[string]string
}

// TextPart is what can be put into a text.
type TextPart struct{ Name, Text string }

func englishLibrary() Library {
	count := func(one, many string) func(int) string {
		return func(n int) string { return fmt.Sprintf("%s\u00a0%s", grouped(n, ","), plural(n, one, many)) }
	}
	return Library{
		Title: "Templates", Hint: "Texts that are said again and again. In the answer they are found by typing / or simply by beginning to write.",
		New: "New template", None: "No templates yet", NoneHint: "Write the first one, or bring those you have in a table.", NothingFound: "No template matches",
		Search: "Words", SearchFor: "Name or words of the text", Folders: "Folders", AllFolders: "All folders", NoFolder: "Without a folder",
		Whose: "Whose", Both: "Everybody’s and mine", House: "Everybody’s", Mine: "Mine", Own: "Mine", Find: "Find", Older: "More", Never: "Never used",
		Uses: count("use", "uses"), Files: count("file", "files"), Found: count("template", "templates"),

		Edit: "Template", Name: "Name", NameHint: "What you look for it by; buyers never see it.", Folder: "Folder", FolderHint: "With / between a folder and one in it, as Returns/Damaged.",
		Text: "Text", TextHint: "What stands in braces is filled in, with what to say where it is not known.", Insert: "Put into the text",
		Owner: "Everybody’s", OwnerHint: "The whole team sees and uses it.", Kinds: "Offered in", KindsHint: "None: everywhere.", Accounts: "Accounts", AccountsHint: "None: all of them.",
		Attached: "Files", AttachedHint: "They go with the answer where the channel takes files.", Attach: "Add files", Keep: "Keep", Save: "Save", Saved: "Saved.", Made: "The template is there.",
		Remove: "Remove", RemoveHint: "What was said with it stays.", RemoveSure: "Remove the template", Removed: "The template is gone.", ReadOnly: "It belongs to everybody: those with the right to general settings change it.",
		Preview: "How it will read", PreviewFor: "Conversation", PreviewNobody: "Nobody in particular", Redraw: "Draw again", Characters: "characters",
		Parts: []TextPart{
			{"Name", "{name|dear customer}"}, {"Product", "{product|the product}"}, {"Article", "{article|}"}, {"Order", "{order|your order}"},
			{"Shop", "{shop|our shop}"}, {"My name", "{me|the support team}"}, {"One of several", "{Hello|Good day}"},
		},

		Table: "As a table", TableHint: "CSV for any spreadsheet. What you export changes nothing when it is imported again; a row with a new name makes a new template.",
		Export: "Export CSV", Import: "Import CSV", ImportHint: "Up to 20,000 rows. Bad rows are left out and shown with their lines; the others are kept.", Choose: "CSV file",
		Imported: "The table was read", Lines: "Rows that were left out", Line: "Line", Column: "Column", Reason: "What is wrong", NoFile: "Choose a file first.",
		Created: count("new", "new"), Changed: count("changed", "changed"), Unchanged: count("as before", "as before"), Failed: count("left out", "left out"),

		Pick: "Templates", PickHint: "Insert a template: /", NoMatch: "No template matches", Suggested: "Suggested templates", Manage: "All templates", Offered: count("template", "templates"),
		Wrong: map[string]string{"line": "The row is not written as CSV."}, Columns: map[string]string{"owner": "owner", "folder": "folder", "name": "name", "text": "text", "kinds": "kinds", "accounts": "accounts", "files": "files"},
	}
}

func russianLibrary() Library {
	count := func(one, few, many string) func(int) string {
		return func(n int) string {
			return fmt.Sprintf("%s\u00a0%s", grouped(n, "\u00a0"), russianPlural(n, one, few, many))
		}
	}
	return Library{
		Title: "Шаблоны", Hint: "Тексты, которые приходится говорить снова и снова. В ответе их находят, набрав / или просто начав писать.",
		New: "Новый шаблон", None: "Шаблонов пока нет", NoneHint: "Напишите первый или загрузите свои из таблицы.", NothingFound: "Ничего не нашлось",
		Search: "Слова", SearchFor: "Название или слова текста", Folders: "Папки", AllFolders: "Все папки", NoFolder: "Без папки",
		Whose: "Чьи", Both: "Общие и мои", House: "Общие", Mine: "Мои", Own: "Мой", Find: "Найти", Older: "Ещё", Never: "Не использовался",
		Uses: count("ответ", "ответа", "ответов"), Files: count("файл", "файла", "файлов"), Found: count("шаблон", "шаблона", "шаблонов"),

		Edit: "Шаблон", Name: "Название", NameHint: "По нему вы его ищете; покупатель его не видит.", Folder: "Папка", FolderHint: "Папка в папке — через /, например Возвраты/Брак.",
		Text: "Текст", TextHint: "В скобки подставляется то, что известно; после черты — что сказать, если неизвестно.", Insert: "Вставить в текст",
		Owner: "Общий", OwnerHint: "Его видит и использует вся команда.", Kinds: "Где предлагать", KindsHint: "Ничего не выбрано — везде.", Accounts: "Кабинеты", AccountsHint: "Ничего не выбрано — все.",
		Attached: "Файлы", AttachedHint: "Уйдут вместе с ответом там, где площадка принимает файлы.", Attach: "Добавить файлы", Keep: "Оставить", Save: "Сохранить", Saved: "Сохранено.", Made: "Шаблон создан.",
		Remove: "Удалить", RemoveHint: "То, что уже отправлено, останется.", RemoveSure: "Удалить шаблон", Removed: "Шаблон удалён.", ReadOnly: "Шаблон общий: его меняет тот, у кого есть право на общие настройки.",
		Preview: "Как это прочтут", PreviewFor: "Обращение", PreviewNobody: "Без обращения", Redraw: "Другой вариант", Characters: "символов",
		Parts: []TextPart{
			{"Имя", "{имя|уважаемый покупатель}"}, {"Товар", "{товар|товар}"}, {"Артикул", "{артикул|}"}, {"Заказ", "{заказ|ваш заказ}"},
			{"Магазин", "{магазин|наш магазин}"}, {"Моё имя", "{я|служба поддержки}"}, {"Одно из", "{Здравствуйте|Добрый день}"},
		},

		Table: "Таблицей", TableHint: "CSV для любой программы таблиц. Загруженное обратно ничего не меняет; строка с новым названием создаёт шаблон.",
		Export: "Выгрузить CSV", Import: "Загрузить CSV", ImportHint: "До 20\u00a0000 строк. Строки с ошибками пропускаются и показываются с номерами, остальные сохраняются.", Choose: "Файл CSV",
		Imported: "Таблица прочитана", Lines: "Пропущенные строки", Line: "Строка", Column: "Столбец", Reason: "Что не так", NoFile: "Сначала выберите файл.",
		Created: count("новый", "новых", "новых"), Changed: count("изменён", "изменено", "изменено"), Unchanged: count("без изменений", "без изменений", "без изменений"), Failed: count("пропущена", "пропущено", "пропущено"),

		Pick: "Шаблоны", PickHint: "Вставить шаблон: /", NoMatch: "Подходящих шаблонов нет", Suggested: "Подходящие шаблоны", Manage: "Все шаблоны", Offered: count("шаблон", "шаблона", "шаблонов"),
		Wrong: map[string]string{
			"name": "Нужно название от 1 до 120 символов, которого в этой папке ещё нет.", "text": "Нужен текст от 1 до 10\u00a0000 символов; у каждой { есть }, у переменной — что сказать, если она неизвестна: {имя|друг}.",
			"folder": "Папка — до 200 символов, не больше пяти уровней.", "kinds": "Виды: chat, question, review, claim.", "accounts": "Такого кабинета нет, или их несколько.",
			"files": "Такого файла нет, или файлов больше десяти.", "owner": "Здесь пишут house или me; общие шаблоны меняет тот, у кого есть право на общие настройки.",
			"file": "Файл не похож на таблицу CSV: в первой строке нужны названия столбцов, среди них «название» и «текст».", "line": "Строка записана не по правилам CSV.",
		},
		Columns: map[string]string{"owner": "владелец", "folder": "папка", "name": "название", "text": "текст", "kinds": "виды", "accounts": "кабинеты", "files": "файлы"},
	}
}
