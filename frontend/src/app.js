import { startCalendar } from "./calendar.js";
import { startCharts } from "./charts.js";
import { startCopy } from "./copy.js";
import { startForms } from "./forms.js";
import { startLooks } from "./looks.js";
import { startMessages } from "./messages.js";
import { startRequests } from "./requests.js";

startRequests();
startLooks();
startMessages();
startCopy();
startForms();
startCharts();
startCalendar();
