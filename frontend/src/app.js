import { startCharts } from "./charts.js";
import { startCopy } from "./copy.js";
import { startDrafts } from "./drafts.js";
import { startForms } from "./forms.js";
import { startGrids } from "./grids.js";
import { startLooks } from "./looks.js";
import { startMessages } from "./messages.js";
import { startPicks } from "./pick.js";
import { startRequests } from "./requests.js";

startRequests();
startLooks();
startMessages();
startCopy();
startForms();
startPicks();
startDrafts();
startCharts();
startGrids();
