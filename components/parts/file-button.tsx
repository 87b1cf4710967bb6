import { useRef } from "preact/hooks";
import { Button, type ButtonProps } from "./button";

/** Lets the agent choose a file, even the same one again. */
export function FileButton(props: Omit<ButtonProps, "onPress"> & { accept: string; onFile: (file: File) => unknown }) {
  const { accept, onFile, ...button } = props;
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...button} onPress={() => picker.current?.click()} />
      <input
        ref={picker}
        type="file"
        hidden
        accept={accept}
        onChange={(event) => {
          const input = event.currentTarget;
          const file = input.files?.[0];
          if (file) onFile(file);
          input.value = "";
        }}
      />
    </>
  );
}
