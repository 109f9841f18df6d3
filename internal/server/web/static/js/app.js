// The start of every page.

import { find } from "./dom.js";
import { start } from "./inbox.js";
import { startBulking } from "./bulking.js";
import { startComposer } from "./composer.js";
import { startDecide } from "./decide.js";
import { startPanel } from "./panel.js";
import { startHandling } from "./handling.js";
import { startKeys } from "./keys.js";
import { startPalette } from "./palette.js";
import { startBoard } from "./board.js";
import { startCopies, startForms, startPages, startPeople, startSaves, startStart } from "./pages.js";
import { startLibrary, startTemplateEditor } from "./library.js";
import { startSearch } from "./search.js";
import { startLabels } from "./labels.js";
import { startSounds } from "./sounds.js";
import { startTalking } from "./talking.js";
import { startViewer } from "./viewer.js";
import { tellZone } from "./zone.js";

tellZone();
startForms();
if (document.body.dataset.place) {
  startKeys();
  startPalette();
  startBoard();
  startSearch();
  startViewer();
  startSounds();
  startBulking();
  startLabels();
  if (find("#inbox")) {
    startComposer();
    startPanel();
    startDecide();
    startLibrary();
    startTalking();
    startHandling();
    start();
  } else {
    startPages();
    startTemplateEditor();
    startCopies();
    startSaves();
    startPeople();
    startStart();
  }
}
performance.mark("ready"); // for measures: from here on the page answers
