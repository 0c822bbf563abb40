/** The code editor over the form's textarea: Python, in the page's colours, usable by keyboard alone. */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentMore, indentWithTab, undo } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorSelection, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  type DecorationSet,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const TAB_CHOICE = "editor-tab-leaves";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.comment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.definition(tags.className)], color: "var(--code-function)" },
  { tag: [tags.standard(tags.variableName), tags.self, tags.meta], color: "var(--code-builtin)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--text)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "0.9375rem", lineHeight: "1.4375rem" },
  ".cm-content": { padding: "0.5rem 0", caretColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--muted)", border: "0", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.5rem", padding: "0 0.5rem 0 0.75rem" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--sunken) 60%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--sunken)", color: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mark)", outline: "1px solid var(--control)" },
  ".cm-problem": { backgroundColor: "var(--failed-tint)", boxShadow: "inset 3px 0 var(--failed)" },
  ".cm-problem-at": { textDecoration: "underline wavy var(--failed)", textUnderlineOffset: "0.2em" },
  ".cm-deletedChunk": { backgroundColor: "var(--diff-removed)" },
  ".cm-changedLine": { backgroundColor: "var(--diff-added) !important" },
  ".cm-changedLineGutter": { backgroundColor: "var(--running)" },
  ".cm-deletedLineGutter": { backgroundColor: "var(--c1)" },
  ".cm-changedText, .cm-deletedText": { background: "none !important", textDecoration: "underline" },
});

export interface Problem {
  line: number;
  column: number | null;
}

const setProblem = StateEffect.define<Problem | null>();

/** The line where the run stopped; it moves with the text and goes when the line is edited. */
const problemField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    transaction.changes.iterChangedRanges((_from, _to, from, to) => {
      const first = transaction.newDoc.lineAt(from).from;
      const last = transaction.newDoc.lineAt(to).to;
      next = next.update({ filterFrom: first, filterTo: last, filter: () => false });
    });
    for (const effect of transaction.effects) {
      if (effect.is(setProblem)) next = problemMarks(effect.value, transaction.state);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function problemMarks(problem: Problem | null, state: EditorState): DecorationSet {
  if (!problem || problem.line > state.doc.lines) return Decoration.none;
  const line = state.doc.line(problem.line);
  const marks = [Decoration.line({ class: "cm-problem" }).range(line.from)];
  if (problem.column !== null && line.length > 0) {
    const at = Math.min(line.from + problem.column - 1, line.to - 1);
    marks.push(Decoration.mark({ class: "cm-problem-at" }).range(at, at + 1));
  }
  return Decoration.set(marks);
}

export interface Options {
  host: HTMLElement;
  source: string;
  label: string;
  nonce: string;
  changed(source: string): void;
  run(): void;
  submit(): void;
  /** Whether Tab leaves the editor now. */
  tabMode(leaves: boolean): void;
}

export class Editor {
  readonly view: EditorView;
  private readonly comparing = new Compartment();

  constructor(options: Options) {
    const tabLeaves = localStorage.getItem(TAB_CHOICE) === "1";
    const toggleTab = (view: EditorView) => {
      const leaves = localStorage.getItem(TAB_CHOICE) !== "1";
      localStorage.setItem(TAB_CHOICE, leaves ? "1" : "0");
      view.setTabFocusMode(leaves);
      options.tabMode(leaves);
      return true;
    };
    const command = (act: () => void) => () => (act(), true);
    this.view = new EditorView({
      parent: options.host,
      state: EditorState.create({
        doc: options.source,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentUnit.of("    "),
          EditorState.tabSize.of(4),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          python(),
          syntaxHighlighting(colours),
          look,
          EditorView.cspNonce.of(options.nonce),
          EditorView.contentAttributes.of({ "aria-label": options.label, spellcheck: "false", autocapitalize: "off", tabindex: "0" }),
          problemField,
          this.comparing.of([]),
          Prec.highest(
            keymap.of([
              { key: "Mod-Shift-Enter", run: command(options.submit) },
              { key: "Mod-Enter", run: command(options.run) },
              { key: "Ctrl-m", mac: "Shift-Alt-m", run: toggleTab },
            ]),
          ),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) options.changed(update.state.doc.toString());
          }),
        ],
      }),
    });
    this.view.setTabFocusMode(tabLeaves);
    options.tabMode(tabLeaves);
  }

  get source(): string {
    return this.view.state.doc.toString();
  }

  /** Replaces the whole text in one step that undo takes back. */
  replace(source: string): void {
    if (source === this.source) return;
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: source } });
  }

  undo(): void {
    undo(this.view);
  }

  /** Types `text` at the caret, as the key row of a phone does; "\t" indents. */
  type(text: string): void {
    if (text === "\t") indentMore(this.view);
    else this.view.dispatch(this.view.state.replaceSelection(text));
    this.view.focus();
  }

  mark(problem: Problem | null): void {
    this.view.dispatch({ effects: setProblem.of(problem) });
  }

  goTo(line: number): void {
    const at = this.view.state.doc.line(Math.min(line, this.view.state.doc.lines)).from;
    this.view.dispatch({
      selection: EditorSelection.cursor(at),
      effects: EditorView.scrollIntoView(at, { y: "center" }),
    });
    this.view.focus();
  }

  /** Shows the text against `other` in the editor itself; null ends it. */
  async compare(other: string | null): Promise<void> {
    if (other === null) {
      this.view.dispatch({ effects: this.comparing.reconfigure([]) });
      return;
    }
    const { unifiedMergeView } = await import("@codemirror/merge");
    const shown = unifiedMergeView({ original: other, mergeControls: false, gutter: true });
    this.view.dispatch({ effects: this.comparing.reconfigure(shown) });
  }
}
