import { t } from "../../../lib/shared/i18n";
import type { Offer } from "../../models/offers";
import { Icon } from "../../parts/icon";

/** Offers besides groups. `isHit`: Enter takes the first. */
export function Offers({ offers, isHit }: { offers: Offer[]; isHit: boolean }) {
  return (
    <ul aria-label={t("find_title")}>
      {offers.map((offer, index) => (
        <li key={offer.id}>
          <a class={index === 0 && isHit ? "list-row hit" : "list-row"} href={`#${offer.to}`}>
            <span class="offer-icon">
              <Icon icon={offer.icon} />
            </span>
            <span class="grow">
              <strong class="clip">{offer.label}</strong>
              {offer.about ? <span class="clip small muted">{offer.about}</span> : null}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
