#!/usr/bin/env bash
# hostile_workspace.sh DIRECTORY: makes a workspace whose file names, texts and rules are
# HTML, script, Markdown, Mermaid, workflow commands, XML's ends, ANSI escapes and bytes
# that are no UTF-8. It is made, not kept, for git and other tools trip over such names.
set -euo pipefail
mkdir -p "$1"
cd "$1"
configurations=(
    '<img src=x onerror=alert(1)>'
    $'line\n::error::forged'
    $'\e[31mred\e[0m ]]> --> &amp;'
    $'not utf-8 \xff\xc3\x28 \xed\xa0\x80'
    '"|`*_[x](javascript:alert(1))%0A'
    '@octo-org'
    '%%{init: {}}%% n1"]:::x; click n1 "javascript:alert(1)"'
    'C:\ #1 ${{ github.token }} $(id)'
    'plain'
)
for name in "${configurations[@]}"; do
    mkdir -p ".devcontainer/$name"
    cat >".devcontainer/$name/devcontainer.json" <<'JSON'
{
  /* 😀 é */ "image": "ghcr.io/octo-org/base:1", // "]; ]]> <b> `x` | ::error::y
  "features": {"::error::x": {}, "`|]]>\u001b[31m<script>": {}, "![x](javascript:alert(1))": {}},
  "nmae": "</script><script>alert(2)</script>",
  "containerEnv": {"<b>": "@everyone https://evil.example www.evil.example ##[error]x"}
}
JSON
done
mkdir -p access policy/own
cat >berth.yaml <<'YAML'
repository: octo-org/site
manifests: [access/*.yaml]
rules: [policy]
YAML
cat >access/a.yaml <<'YAML'
repositories:
  - name: octo-org/site # ]]> <script>
    visibility: public
packages:
  - name: octo-org/base
    visibility: internal # "]; click n1
    "<script>|`x`\e[31m": 1
YAML
cat >policy/own/markup.dl <<'RULE'
/*---
title: "<script>alert('title')</script> ]]> | \e[31m \u2028 \u202e"
severity: error
basis: inferred
message: "![x](javascript:alert(3)) <img src=x onerror=alert(4)> ]]> | `code` {subject} @octo-org/team #1 GH-1 www.evil.example https://evil.example\n::error::forged\r\n##[error]forged \0 \uFFFE \\ [y](1)"
help: "[click](http://evil.example) <!-- {subject} --> %0A::warning::forged ~~~ ```"
documentation: "https://wiki.example/<script>)](javascript:alert(5))"
scope: repository
labels:
  at: "<b>]]>|\"] [z](2) \e[0m"
tags: [security, "<script>"]
---*/
.decl own_markup(at: Site, repo: Repo, subject: Ref)
.output own_markup
own_markup(at, repo, as(cat(cat("<i>\"]:::x --> y#quot;|`", name), "\n%%{init}%%"), Ref)) :-
    pulls(at, _, repo, ref, _),
    reference_name(ref, _, name, _, _, _).
RULE
