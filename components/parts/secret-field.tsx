import { useSignal } from "@preact/signals";
import { Eye, EyeOff } from "lucide";
import { Button } from "./button";
import { Field, type FieldProps } from "./field";

/** A key or passphrase field; its button says `show` or `hide`. */
export function SecretField({ show, hide, input, ...field }: FieldProps & { show: string; hide: string }) {
  const isShown = useSignal(false);
  return (
    <div class="row top">
      <div class="grow">
        <Field {...field} input={{ ...input, type: isShown.value ? "text" : "password" }} />
      </div>
      <div class="beside-field">
        <Button
          icon={isShown.value ? EyeOff : Eye}
          label={isShown.value ? hide : show}
          onPress={() => (isShown.value = !isShown.value)}
        />
      </div>
    </div>
  );
}
