/** Root of the page of lasting links: their addresses can be copied. */

import {copyByTap} from "../../shared/copy.js";

document.documentElement.classList.add("js");
copyByTap();
