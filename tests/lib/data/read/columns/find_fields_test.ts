import { assertEquals, assertThrows } from "@std/assert";
import { RowError } from "../../../../../lib/data/read/bad_data.ts";
import type { FieldNames } from "../../../../../lib/data/read/columns/field_names.ts";
import {
  findFields,
  type FindOptions,
} from "../../../../../lib/data/read/columns/find_fields.ts";

const SENTENCE = "A man sleeps.";

/** The fields of a table as `premise,hypothesis,label` and one row of it. */
function fieldsOf(
  header: string,
  row: string = header.split(",").map(() => SENTENCE).join(","),
  options: FindOptions = {},
): FieldNames {
  const cells = row.split(",");
  const columns = header.split(",")
    .map((name, i) => ({ name, cells: [cells[i]] }));
  return findFields(columns, options);
}

for (
  const [header, premise, hypothesis] of [
    ["premise,hypothesis,label", "premise", "hypothesis"],
    ["premise,Hypothesis,label", "premise", "Hypothesis"],
    ["premise, hypothesis,label", "premise", " hypothesis"],
    ["PREMISE,HYPOTHESIS,LABEL", "PREMISE", "HYPOTHESIS"],
    ["premise,hypo,label", "premise", "hypo"],
    ["label,Sentence1,Sentence2,Explanation_1", "Sentence1", "Sentence2"],
    ["pair_ID,sentence_A,sentence_B,label", "sentence_A", "sentence_B"],
    ["uid,context,hypothesis,label,reason", "context", "hypothesis"],
    ["index,question,sentence,label", "question", "sentence"],
    ["question,passage,label", "question", "passage"],
    ["question,answer,label", "question", "answer"],
    ["target_id,label,sentence,gloss", "sentence", "gloss"],
    ["context,response,label", "context", "response"],
    ["claim,evidence,label", "evidence", "claim"],
    ["text_a,text_b,label", "text_a", "text_b"],
    ["text1,text2,label", "text1", "text2"],
    ["id,qid1,qid2,question1,question2,is_duplicate", "question1", "question2"],
    ["Quality,#1 ID,#2 ID,#1 String,#2 String", "#1 String", "#2 String"],
    [",premise,hypothesis,label", "premise", "hypothesis"],
    ["Unnamed: 0,premise,hypothesis,label", "premise", "hypothesis"],
  ]
) {
  Deno.test(`the pair in ${header} is found`, () => {
    const { premise: first, hypothesis: second } = fieldsOf(header);
    assertEquals([first, second], [premise, hypothesis]);
  });
}

for (
  const [header, row, premise] of [
    ["sentence,label", "a b,1", "sentence"],
    ["text,label", "a b,1", "text"],
    ["premise,label", "a b,1", "premise"],
    ["sentence,label,idx", "a b,1,7", "sentence"],
    ["id,text,url,label", "7,a b,https://a.org/b c,1", "text"],
    ["text,sentiment,source,label", "a b,good,some book,1", "text"],
    ["sentence,sentence_parse,label", "a b,(a b),1", "sentence"],
    ["Unnamed: 0,text,score,label", "a b,a b,0.5,1", "text"],
    ["premise,annotator_labels,label", "a b,x y,1", "premise"],
    ["premise,language,label", "a b,Modern Greek,1", "premise"],
    ["premise,year,label", "a b,2020,1", "premise"],
    ["text,empty,label", "a b,,1", "text"],
  ]
) {
  Deno.test(`the sentence in ${header} is a single one`, () => {
    const { premise: first, hypothesis } = fieldsOf(header, row);
    assertEquals([first, hypothesis], [premise, null]);
  });
}

for (
  const [header, row, expected] of [
    ["premise,hypotesis,label", "a b,c,1", 'is "hypotesis" meant to be "hyp'],
    ["premise,hypothsis,label", "a b,c d,1", 'is "hypothsis" meant to be'],
    ["sentence1,sentense2,label", "a,b,1", 'is "sentense2" meant to be "sen'],
    ["premise,foo,label", "a,b,1", 'there is "foo"'],
    ["premise,foo,bar,label", "a b,c d,e f,1", 'there are "foo", "bar"'],
    ["sentence,definition,label", "a b,c d,1", 'there is "definition"'],
    ["sentence,hypothesis,label", "a b,c,1", 'there is "hypothesis"'],
    ["text,title,label", "a b,c d,1", 'there is "title"'],
    ["text,訳,label", "a b,猫は寝ている,1", 'there is "訳"'],
    [
      "question,answer,paragraph,label",
      "a b,c d,e f,1",
      'which two of "question", "answer", "paragraph" are the sentences',
    ],
    [
      "context,question,answer,label",
      "a b,c d,e,1",
      "are the sentences",
    ],
    ["foo,bar,label", "a b,c d,1", "it has foo, bar, label, expected premise"],
    ["hypothesis,label", "a b,1", "expected premise and hypothesis"],
  ]
) {
  Deno.test(`what the second sentence in ${header} is is asked`, () => {
    assertThrows(() => fieldsOf(header, row), RowError, expected);
  });
}

for (const header of ["premise,foo,label", "sentence,definition,label"]) {
  Deno.test(`the first of ${header} is single if that is said`, () => {
    const { premise, hypothesis } = fieldsOf(header, undefined, {
      single: true,
    });
    assertEquals([premise, hypothesis], [header.split(",")[0], null]);
  });
}

Deno.test("a first sentence that is given has the usual second one", () => {
  assertEquals(
    fieldsOf("body,hypothesis,label", undefined, {
      fields: { premise: "body" },
    })
      .hypothesis,
    "hypothesis",
  );
});

Deno.test("a second sentence that is given has the usual first one", () => {
  assertEquals(
    fieldsOf("premise,foo,label", undefined, { fields: { hypothesis: "foo" } }),
    { premise: "premise", hypothesis: "foo", label: "label" },
  );
});

Deno.test("a first sentence that is given beside other text is refused", () => {
  assertThrows(
    () => fieldsOf("body,foo,label", "a,b,1", { fields: { premise: "body" } }),
    RowError,
    '"body" is its first sentence, but which column is the second is not',
  );
});

Deno.test("a second sentence that is given without a first is refused", () => {
  assertThrows(
    () => fieldsOf("bar,foo,label", "a,b,1", { fields: { hypothesis: "foo" } }),
    RowError,
    '"foo" is its second sentence, but it has none of the usual names',
  );
});

Deno.test("two names that differ in case alone are refused", () => {
  assertThrows(
    () => fieldsOf("premise,hypothesis,Label,label"),
    RowError,
    "there are two of that name",
  );
});

Deno.test("of two names alike the one that is given is taken", () => {
  assertEquals(
    fieldsOf("premise,hypothesis,Label,label", undefined, {
      fields: { label: "Label" },
    }).label,
    "Label",
  );
});

Deno.test("a label may be missing where none is needed", () => {
  assertEquals(
    fieldsOf("id,premise,hypothesis", undefined, { unlabelled: true }).label,
    null,
  );
});

for (
  const [header, found] of [
    ["premise,hypothesis,label,gold_label", '"label", "gold_label"'],
    ["premise,hypothesis,Gold_Label,labels", '"Gold_Label", "labels"'],
    ["premise,hypothesis,class,label,gold", '"label", "gold", "class"'],
  ]
) {
  Deno.test(`which column of ${header} is the label is asked for, unless it is told or no label is needed`, () => {
    const names = header.split(",");
    const error = assertThrows(() => fieldsOf(header), RowError);
    assertEquals(
      error.message,
      `it is not clear which of ${found} is the label`,
    );
    const fields = { label: names[3] };
    assertEquals(fieldsOf(header, undefined, { fields }).label, names[3]);
    assertEquals(
      fieldsOf(header, undefined, { unlabelled: true }).hypothesis,
      "hypothesis",
    );
  });
}

Deno.test("of two pairs of sentences none is taken unless it is told which", () => {
  const header = "sentence1,sentence2,premise,hypothesis,label";
  const error = assertThrows(() => fieldsOf(header), RowError);
  assertEquals(
    error.message,
    'it has two pairs of sentences, "premise", "hypothesis" and "sentence1", "sentence2"',
  );
  const fields = { premise: "sentence1" };
  assertEquals(
    fieldsOf(header, undefined, { fields }),
    { premise: "sentence1", hypothesis: "sentence2", label: "label" },
  );
});
