package texts

// Previewing is what the screens say of files that are looked at and listened to.
// {} stands for what the browser fills in.
type Previewing struct {
	Film, Page, Viewer, Previous, Next string
	Play, Pause, Position, Speed, Of   string
	Lost, CannotPlay                   string
}

func englishPreviewing() Previewing {
	return Previewing{
		Film: "Video", Page: "First page", Viewer: "Files of the conversation", Previous: "Previous file", Next: "Next file",
		Play: "Play", Pause: "Pause", Position: "Position", Speed: "Speed", Of: "{} of {}",
		Lost: "The picture cannot be shown.", CannotPlay: "This browser cannot play the file. It can be downloaded.",
	}
}

func russianPreviewing() Previewing {
	return Previewing{
		Film: "Видео", Page: "Первая страница", Viewer: "Файлы обращения", Previous: "Предыдущий файл", Next: "Следующий файл",
		Play: "Воспроизвести", Pause: "Пауза", Position: "Место записи", Speed: "Скорость", Of: "{} из {}",
		Lost: "Картинка не открывается.", CannotPlay: "Этот браузер не воспроизводит файл. Его можно скачать.",
	}
}
