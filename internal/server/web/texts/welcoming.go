package texts

// Welcoming is what is said to an owner who takes the first steps.
type Welcoming struct {
	Title, Hint, Owner, Look, LookHint, Buyers, BuyersHint   string
	Trial, TrialHint, TrialDo, TrialBusy, Own, OwnHint       string
	Answer, AnswerHint, AnswerDo, AnswerWait, Done, DoneHint string
	Inbox, Skip, Steps, Ready, ToDo, Reading                 string
	On, OnHint, Play, End, EndHint, EndSure, Ended           string
	Invite, InviteHint                                       string
}

func englishWelcoming() Welcoming {
	return Welcoming{
		Title: "First steps", Hint: "Four steps to the first answer. It takes a minute.",
		Owner: "You are the owner", Look: "Language and look", LookHint: "Everybody chooses for themselves, at any time.",
		Buyers: "Who writes to you", BuyersHint: "Connect your own account at a marketplace or messenger, or look around with made-up buyers first.",
		Trial: "Made-up buyers", TrialHint: "A world on this machine: they write, ask, praise and complain by themselves. Nothing leaves this machine. All of it goes away when you end the trial or stop the program.",
		TrialDo: "Try it", TrialBusy: "Buyers are moving in…", Own: "Your own account", OwnHint: "Needs a token, which its page explains how to get.",
		Answer: "The first answer", AnswerHint: "Open the one who waits longest, write, and press Ctrl+Enter.", AnswerDo: "Open", AnswerWait: "Nobody waits yet: this page looks again by itself.",
		Done: "You have answered", DoneHint: "That is all there is to it. Press ? on any page for all keys, Ctrl+K for everything else.",
		Inbox: "To the inbox", Skip: "Skip", Steps: "Steps", Ready: "Done", ToDo: "To do", Reading: "Conversations are being read",
		On: "Trial: the buyers are made up", OnHint: "They write by themselves. You can also play one of them.", Play: "Play the buyer", End: "End the trial",
		EndHint: "The made-up accounts, their conversations and your answers go away. It cannot be undone.", EndSure: "End and remove everything", Ended: "The trial has ended, everything made up is gone.",
		Invite: "Invite colleagues", InviteHint: "Each gets a link and sees only what you allow.",
	}
}

func russianWelcoming() Welcoming {
	return Welcoming{
		Title: "Первые шаги", Hint: "Четыре шага до первого ответа. Это займёт минуту.",
		Owner: "Вы — владелец", Look: "Язык и вид", LookHint: "Каждый выбирает для себя, в любое время.",
		Buyers: "Кто вам пишет", BuyersHint: "Подключите свой кабинет площадки или мессенджера — или сначала осмотритесь с выдуманными покупателями.",
		Trial: "Выдуманные покупатели", TrialHint: "Целый мир на этом компьютере: они сами пишут, спрашивают, хвалят и жалуются. Ничего не уходит наружу. Всё исчезнет, когда вы закончите пробу или остановите программу.",
		TrialDo: "Попробовать", TrialBusy: "Покупатели заселяются…", Own: "Свой кабинет", OwnHint: "Нужен токен; на странице написано, где его взять.",
		Answer: "Первый ответ", AnswerHint: "Откройте того, кто ждёт дольше всех, напишите и нажмите Ctrl+Enter.", AnswerDo: "Открыть", AnswerWait: "Пока никто не ждёт: страница проверит сама.",
		Done: "Вы ответили", DoneHint: "Вот и всё. Нажмите ? на любой странице — увидите все клавиши, Ctrl+K — всё остальное.",
		Inbox: "Во входящие", Skip: "Пропустить", Steps: "Шаги", Ready: "Готово", ToDo: "Предстоит", Reading: "Обращения читаются",
		On: "Проба: покупатели выдуманы", OnHint: "Они пишут сами. Можно и сыграть за одного из них.", Play: "Сыграть за покупателя", End: "Закончить пробу",
		EndHint: "Выдуманные кабинеты, обращения и ваши ответы исчезнут. Вернуть их нельзя.", EndSure: "Закончить и убрать всё", Ended: "Проба закончена, всё выдуманное убрано.",
		Invite: "Позвать коллег", InviteHint: "Каждый получит ссылку и увидит только то, что вы разрешите.",
	}
}
