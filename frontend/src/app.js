import { startCharts } from "./charts.js";
import { startCopy } from "./copy.js";
import { startForms } from "./forms.js";
import { startLines } from "./lines.js";
import { startLooks } from "./looks.js";
import { startMessages } from "./messages.js";
import { startRequests } from "./requests.js";
import { startTrees } from "./tree.js";

startRequests();
startLooks();
startMessages();
startCopy();
startForms();
startCharts();
startTrees();
startLines();
