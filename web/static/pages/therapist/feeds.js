/** Root of the feeds page: the new address, to be copied. */

import {copyFrom} from "../../shared/copy.js";

document.documentElement.classList.add("js");
copyFrom("feed-address");
