/** Root of the feeds page: the new address, to be copied. */

import {copyByTap} from "../../shared/copy.js";

document.documentElement.classList.add("js");
copyByTap();
