import { sameAsAws, slowlySameAsAws } from "./sources/compare.ts";
import { containerSetUps, fourAttempts, slowContainerSetUps } from "./sources/container.ts";
import { instanceSetUps, slowInstanceSetUps } from "./sources/instance.ts";
import { keySetUps } from "./sources/keys.ts";
import { orderSetUps } from "./sources/order.ts";
import { throttledSetUps, webIdentitySetUps } from "./sources/web_identity.ts";

sameAsAws("keys in variables and files", 60, keySetUps);
sameAsAws("web identity", 40, webIdentitySetUps);
sameAsAws("a container", 40, containerSetUps);
sameAsAws("an instance", 40, instanceSetUps);
sameAsAws("several sources", 30, orderSetUps);

slowlySameAsAws("web identity", throttledSetUps);
slowlySameAsAws("a container", slowContainerSetUps, fourAttempts);
slowlySameAsAws("an instance", slowInstanceSetUps);
