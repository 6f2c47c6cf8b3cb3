/*
 * unit_compose_cases.h: the cases of unit_compose.c.
 */
static Case cases[] = {
    {"an image is pulled",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: ghcr.io/acme/x:1\n",
     "c.yml", "a", NULL, "compose-image pulled ghcr.io/acme/x:1 c.yml:3:12\n"},
    {"a variable of the machine is a hole, a default is assumed",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x:${TAG}\n"
     "  b:\n"
     "    image: ${REG:-ghcr.io}/x\n",
     "c.yml", "a", NULL,
     "compose-image unresolved x:${TAG} c.yml:3:12 needs TAG\n"
     "compose-image pulled ghcr.io/x c.yml:5:12\n"},
    {".env beside the first file is read, one elsewhere is not",
     "==> d/c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x:${TAG}\n"
     "    env_file: ../e.env\n"
     "==> d/.env\n"
     "TAG=sub\n"
     "==> .env\n"
     "TAG=root\n"
     "==> e.env\n"
     "TAG=e\n",
     "d/c.yml", "a", NULL, "compose-image pulled x:sub d/c.yml:3:12\n"},
    {"what a value of .env leaves open is a hole of the image",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x:${TAG}\n"
     "==> .env\n"
     "TAG=$BASE-1\n",
     "c.yml", "a", NULL,
     "compose-image unresolved x:${BASE}-1 c.yml:3:12 needs BASE\n"},
    {"a service that is not started is declared",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "  b:\n"
     "    image: y\n"
     "    profiles: [dev]\n",
     "c.yml", "a", NULL,
     "compose-image pulled x c.yml:3:12\n"
     "compose-image declared y c.yml:5:12\n"},
    {"COMPOSE_PROFILES of .env starts it",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "  b:\n"
     "    image: y\n"
     "    profiles: [dev]\n"
     "==> .env\n"
     "COMPOSE_PROFILES=x, dev\n",
     "c.yml", "a", NULL,
     "compose-image pulled x c.yml:3:12\n"
     "compose-image pulled y c.yml:5:12\n"},
    {"runServices start what they need, and nothing else",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: a\n"
     "    depends_on: [b]\n"
     "  b:\n"
     "    image: b\n"
     "    links: ['c:alias']\n"
     "  c:\n"
     "    image: c\n"
     "    volumes_from: ['d:ro', 'container:z']\n"
     "  d:\n"
     "    image: d\n"
     "    network_mode: service:e\n"
     "  e:\n"
     "    image: e\n"
     "    ipc: service:f\n"
     "  f:\n"
     "    image: f\n"
     "    profiles: [never]\n"
     "  g:\n"
     "    image: g\n"
     "  h:\n"
     "    image: h\n",
     "c.yml", "a", "h",
     "compose-image pulled a c.yml:3:12\n"
     "compose-image pulled b c.yml:6:12\n"
     "compose-image pulled c c.yml:9:12\n"
     "compose-image pulled d c.yml:12:12\n"
     "compose-image pulled e c.yml:15:12\n"
     "compose-image pulled f c.yml:18:12\n"
     "compose-image declared g c.yml:21:12\n"
     "compose-image pulled h c.yml:23:12\n"},
    {"depends_on as a mapping, and a build's contexts",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: a\n"
     "    depends_on: {b: {condition: service_started}, z: {condition: "
     "service_started, required: false}}\n"
     "  b:\n"
     "    build: {context: ., additional_contexts: {c: 'service:c'}}\n"
     "  c:\n"
     "    build: ./c\n"
     "  d:\n"
     "    image: d\n"
     "==> Dockerfile\n"
     "FROM x\n"
     "==> c/Dockerfile\n"
     "FROM y\n",
     "c.yml", "a", "a",
     "compose-image pulled a c.yml:3:12\n"
     "compose-image declared d c.yml:10:12\n"
     "build pulled Dockerfile [c=service:c] < c.yml:6:22\n"
     "build pulled c/Dockerfile < c.yml:8:12\n"},
    {"an image beside a build is pulled on a condition",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: ghcr.io/acme/a\n"
     "    build: .\n"
     "  b:\n"
     "    image: ghcr.io/acme/b\n"
     "    build: .\n"
     "    pull_policy: build\n"
     "==> Dockerfile\n"
     "FROM x\n",
     "c.yml", "a", NULL,
     "compose-image conditional ghcr.io/acme/a c.yml:3:12 (the dev container CLI "
     "builds it first; compose by itself tries to pull it)\n"
     "compose-image declared ghcr.io/acme/b c.yml:6:12 (its pull_policy is build)\n"
     "build pulled Dockerfile < c.yml:4:12\n"
     "build pulled Dockerfile < c.yml:7:12\n"},
    {"pull_policy",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: a\n"
     "    pull_policy: never\n"
     "  b:\n"
     "    image: b\n"
     "    pull_policy: always\n"
     "  c:\n"
     "    image: c\n"
     "    pull_policy: ${P}\n",
     "c.yml", "a", NULL,
     "compose-image declared a c.yml:3:12 (its pull_policy is never)\n"
     "compose-image pulled b c.yml:6:12\n"
     "compose-image conditional c c.yml:9:12 (its pull_policy depends on the "
     "machine)\n"},
    {"an image that a started service builds is not pulled",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: app\n"
     "    build: .\n"
     "  b:\n"
     "    image: app\n"
     "  c:\n"
     "    image: other\n"
     "    profiles: [x]\n"
     "    build: .\n"
     "  d:\n"
     "    image: other\n"
     "==> Dockerfile\n"
     "FROM x\n",
     "c.yml", "a", NULL,
     "compose-image conditional app c.yml:3:12 (the dev container CLI builds it first; "
     "compose by itself tries to pull it)\n"
     "compose-image declared app c.yml:6:12 (the service 'a' builds it)\n"
     "compose-image declared other c.yml:8:12\n"
     "compose-image pulled other c.yml:12:12\n"
     "build pulled Dockerfile < c.yml:4:12\n"
     "build declared Dockerfile < c.yml:10:12\n"},
    {"build: context, Dockerfile, target, arguments",
     "==> d/c.yml\n"
     "services:\n"
     "  a:\n"
     "    platform: linux/arm64\n"
     "    build:\n"
     "      context: ..\n"
     "      dockerfile: d/Dev\n"
     "      target: dev\n"
     "      args: [A=1, 'B=x${M}', T, U]\n"
     "==> d/Dev\n"
     "FROM x\n"
     "==> d/.env\n"
     "T=tok\n",
     "d/c.yml", "a", NULL,
     "build pulled d/Dev target=dev A=1 B=x${M} T=tok U? on linux/arm64 < "
     "d/c.yml:6:19\n"},
    {"a target that the machine chooses",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    build: {context: ., target: '${T}'}\n"
     "==> Dockerfile\n"
     "FROM x\n",
     "c.yml", "a", NULL, "build conditional Dockerfile < c.yml:3:22\n"},
    {"the Dockerfile is missing",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    build: ./app\n"
     "  b:\n"
     "    build: ./b\n"
     "    profiles: [x]\n",
     "c.yml", "a", NULL,
     "! input/missing-file c.yml:3:12 the Dockerfile './app/Dockerfile' does not "
     "exist\n"},
    {"a Dockerfile that the machine chooses",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    build: {context: '${DIR}', additional_contexts: {b: 'docker-image://x/b'}}\n",
     "c.yml", "a", NULL,
     "stage opaque  c.yml:3:22 (which Dockerfile is built depends on the machine)\n"
     "named-context conditional x/b c.yml:3:57 (the Dockerfile, which cannot be seen "
     "offline, may name it)\n"
     "! input/unresolved-reference c.yml:3:22 the path of this Dockerfile depends on "
     "'DIR', which only the machine knows\n"},
    {"an empty build is none",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "    build: ''\n",
     "c.yml", "a", NULL, "compose-image pulled x c.yml:3:12\n"},
    {"a build in an included directory",
     "==> c.yml\n"
     "include:\n"
     "- path: d/o.yml\n"
     "  project_directory: e\n"
     "==> d/o.yml\n"
     "services:\n"
     "  a:\n"
     "    build: {dockerfile: F}\n"
     "==> e/F\n"
     "FROM x\n",
     "c.yml", "a", NULL, "build pulled e/F < d/o.yml:3:25 < c.yml:2:9\n"},
    {"a context outside the repository",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    build: ../other\n",
     "c.yml", "a", NULL,
     "! input/missing-file c.yml:3:12 the Dockerfile '../other/Dockerfile' leads out "
     "of the repository and was not opened\n"},
    {"a Dockerfile inside the compose file",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    build:\n"
     "      dockerfile_inline: |\n"
     "        # syntax=a/fe\n"
     "        FROM ghcr.io/acme/x:${T:-1}\n"
     "        RUN echo $$HOME\n",
     "c.yml", "a", NULL,
     "build-inline pulled # syntax=a/fe\n"
     "FROM ghcr.io/acme/x:1\n"
     "RUN echo $HOME\n"
     "\n"},
    {"what only the machine knows in it becomes an argument",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    build:\n"
     "      args: {V: 1}\n"
     "      dockerfile_inline: |\n"
     "        # syntax=a/fe\n"
     "        ARG V\n"
     "        FROM ghcr.io/acme/x:${T}\n"
     "        RUN $$HOME $$$U\n",
     "c.yml", "a", NULL,
     "build-inline pulled # syntax=a/fe\n"
     "ARG T\n"
     "ARG U\n"
     "ARG V\n"
     "FROM ghcr.io/acme/x:${T}\n"
     "RUN $HOME $${U}\n"
     " V=1 T? U?\n"},
    {"both kinds of Dockerfile",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    build:\n"
     "      dockerfile: D\n"
     "      dockerfile_inline: FROM x\n"
     "==> D\n"
     "FROM y\n",
     "c.yml", "a", NULL,
     "build-inline pulled FROM x\n"
     "build pulled D < c.yml:4:19\n"
     "! input/syntax c.yml:5:7 'dockerfile' and 'dockerfile_inline' exclude each "
     "other\n"},
    {"a remote context cannot be seen",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    build:\n"
     "      context: https://github.com/acme/a.git\n"
     "      additional_contexts: ['base=docker-image://ghcr.io/acme/base:1', "
     "'dir=./x']\n",
     "c.yml", "a", NULL,
     "stage opaque  c.yml:4:16 (the Dockerfile of a remote build context)\n"
     "named-context conditional ghcr.io/acme/base:1 c.yml:5:29 (the Dockerfile, which "
     "cannot be seen offline, may name it)\n"},
    {"contexts, caches and generators",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    build:\n"
     "      context: .\n"
     "      additional_contexts:\n"
     "        base: docker-image://ghcr.io/acme/base:1\n"
     "        loc: ./x\n"
     "      cache_from: [alpine, 'type=registry,ref=ghcr.io/a/c', 'type=gha', "
     "'type=local,src=x']\n"
     "      sbom: generator=docker/scout-sbom-indexer:latest\n"
     "  b:\n"
     "    build:\n"
     "      context: .\n"
     "      sbom: true\n"
     "  c:\n"
     "    build:\n"
     "      context: .\n"
     "      sbom: false\n"
     "==> Dockerfile\n"
     "FROM x\n",
     "c.yml", "a", NULL,
     "cache pulled alpine c.yml:8:20\n"
     "cache pulled ghcr.io/a/c c.yml:8:28\n"
     "sbom-generator pulled docker/scout-sbom-indexer:latest c.yml:9:13\n"
     "sbom-generator pulled docker/buildkit-syft-scanner:stable-1 c.yml:13:13 "
     "(BuildKit's own generator)\n"
     "build pulled Dockerfile [base=docker-image://ghcr.io/acme/base:1] [loc=./x] < "
     "c.yml:4:16\n"
     "build pulled Dockerfile < c.yml:12:16\n"
     "build pulled Dockerfile < c.yml:16:16\n"},
    {"volumes: the last one on a target counts",
     "==> a.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "    volumes:\n"
     "    - {type: image, source: one:1, target: /d}\n"
     "    - {type: image, source: two:1, target: /e}\n"
     "    - named:/f\n"
     "==> b.yml\n"
     "services:\n"
     "  a:\n"
     "    volumes:\n"
     "    - data:/d:ro\n"
     "    - {type: image, source: three:1, target: /f}\n",
     "a.yml b.yml", "a", NULL,
     "compose-image pulled x a.yml:3:12\n"
     "volume-image pulled two:1 a.yml:6:29\n"
     "volume-image pulled three:1 b.yml:5:29\n"},
    {"hooks and models",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "    pre_start:\n"
     "    - image: busybox\n"
     "      command: [x]\n"
     "    models: [m]\n"
     "models:\n"
     "  m:\n"
     "    model: ai/smollm2\n"
     "  n:\n"
     "    model: ai/other\n",
     "c.yml", "a", NULL,
     "compose-image pulled x c.yml:3:12\n"
     "hook-image pulled busybox c.yml:5:14\n"
     "model pulled ai/smollm2 c.yml:10:12\n"
     "model declared ai/other c.yml:12:12 (no service that is started uses it)\n"},
    {"a provider pulls nothing",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    provider:\n"
     "      type: aws\n",
     "c.yml", "a", NULL, ""},
    {"files in order: the last image counts, null resets nothing",
     "==> a.yml\n"
     "services:\n"
     "  a:\n"
     "    image: one\n"
     "  b:\n"
     "    image: b\n"
     "==> b.yml\n"
     "services:\n"
     "  a:\n"
     "    image: two\n"
     "  b:\n"
     "    image:\n",
     "a.yml b.yml", "a", NULL,
     "compose-image pulled two b.yml:3:12\n"
     "compose-image pulled b a.yml:5:12\n"},
    {"!reset and !override",
     "==> a.yml\n"
     "services:\n"
     "  a:\n"
     "    image: one\n"
     "    build:\n"
     "      context: ./a\n"
     "      args: [A=1]\n"
     "  b:\n"
     "    image: b\n"
     "    build: .\n"
     "==> b.yml\n"
     "services:\n"
     "  a:\n"
     "    image: !reset null\n"
     "    build: !override\n"
     "      context: ./b\n"
     "  b:\n"
     "    build: !reset {}\n"
     "==> b/Dockerfile\n"
     "FROM x\n",
     "a.yml b.yml", "a", NULL,
     "compose-image pulled b a.yml:8:12\n"
     "build pulled b/Dockerfile < b.yml:5:16\n"},
    {"!override of a list that is nested",
     "==> a.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "    volumes:\n"
     "    - {type: image, source: one, target: /d}\n"
     "==> b.yml\n"
     "services:\n"
     "  a:\n"
     "    volumes: !override\n"
     "    - {type: image, source: two, target: /e}\n",
     "a.yml b.yml", "a", NULL,
     "compose-image pulled x a.yml:3:12\n"
     "volume-image pulled two b.yml:4:29\n"},
    {"a context string and a mapping merge",
     "==> a.yml\n"
     "services:\n"
     "  a:\n"
     "    build: ./a\n"
     "==> b.yml\n"
     "services:\n"
     "  a:\n"
     "    build:\n"
     "      args:\n"
     "        B: 2\n"
     "==> a/Dockerfile\n"
     "FROM x\n",
     "a.yml b.yml", "a", NULL, "build pulled a/Dockerfile B=2 < a.yml:3:12\n"},
    {"several documents merge",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "---\n"
     "services:\n"
     "  a:\n"
     "    image: y\n"
     "  b:\n"
     "    image: z\n",
     "c.yml", "a", NULL,
     "compose-image pulled y c.yml:7:12\n"
     "compose-image pulled z c.yml:9:12\n"},
    {"anchors and merge keys",
     "==> c.yml\n"
     "x-i: &i foo:${T:-3}\n"
     "x-b: &b\n"
     "  image: foo\n"
     "x-d: &d\n"
     "  image: dd\n"
     "  build: .\n"
     "services:\n"
     "  a:\n"
     "    <<: [*b, *d]\n"
     "  b:\n"
     "    image: mine\n"
     "    <<: *d\n"
     "  c:\n"
     "    image: *i\n"
     "==> Dockerfile\n"
     "FROM x\n",
     "c.yml", "a", NULL,
     "compose-image conditional foo c.yml:3:10 (the dev container CLI builds it first; "
     "compose by itself tries to pull it)\n"
     "compose-image conditional mine c.yml:11:12 (the dev container CLI builds it "
     "first; compose by itself tries to pull it)\n"
     "compose-image pulled foo:3 c.yml:1:6\n"
     "build pulled Dockerfile < c.yml:6:10\n"
     "build pulled Dockerfile < c.yml:6:10\n"},
    {"extends a service of the same file",
     "==> c.yml\n"
     "services:\n"
     "  base:\n"
     "    image: base\n"
     "    profiles: [x]\n"
     "  a:\n"
     "    extends: base\n",
     "c.yml", "a", NULL,
     "compose-image declared base c.yml:3:12\n"
     "compose-image pulled base c.yml:3:12 < c.yml:6:14\n"},
    {"extends a service of another file: paths start there",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    extends:\n"
     "      file: d/o.yml\n"
     "      service: z\n"
     "==> d/o.yml\n"
     "services:\n"
     "  z:\n"
     "    extends: y\n"
     "    build: .\n"
     "  y:\n"
     "    image: other:${T}\n"
     "==> d/Dockerfile\n"
     "FROM x\n"
     "==> .env\n"
     "T=1\n"
     "==> d/.env\n"
     "T=2\n",
     "c.yml", "a", NULL,
     "compose-image conditional other:1 d/o.yml:6:12 < d/o.yml:3:14 < c.yml:4:7 (the "
     "dev container CLI builds it first; compose by itself tries to pull it)\n"
     "build pulled d/Dockerfile < d/o.yml:4:12 < c.yml:4:7\n"},
    {"extends through two files",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    extends: {file: d/o.yml, service: z}\n"
     "==> d/o.yml\n"
     "services:\n"
     "  z:\n"
     "    extends: {file: e/p.yml, service: y}\n"
     "==> d/e/p.yml\n"
     "services:\n"
     "  y:\n"
     "    build: .\n"
     "==> d/e/Dockerfile\n"
     "FROM x\n",
     "c.yml", "a", NULL,
     "build pulled d/e/Dockerfile < d/e/p.yml:3:12 < d/o.yml:3:14 < c.yml:3:14\n"},
    {"!reset of what is extended",
     "==> c.yml\n"
     "services:\n"
     "  base:\n"
     "    image: base\n"
     "    build: .\n"
     "    profiles: [x]\n"
     "  a:\n"
     "    extends: base\n"
     "    build: !reset null\n"
     "==> Dockerfile\n"
     "FROM x\n",
     "c.yml", "a", NULL,
     "compose-image declared base c.yml:3:12\n"
     "compose-image pulled base c.yml:3:12 < c.yml:7:14\n"
     "build declared Dockerfile < c.yml:4:12\n"},
    {"services that extend each other",
     "==> c.yml\n"
     "services:\n"
     "  b:\n"
     "    extends: a\n"
     "    image: x\n"
     "  a:\n"
     "    extends: b\n"
     "    image: y\n",
     "c.yml", "a", NULL,
     "compose-image pulled x c.yml:4:12\n"
     "compose-image pulled y c.yml:7:12\n"
     "! input/syntax c.yml:6:14 services extend each other in a circle: 'b' in c.yml "
     "extends 'a' in c.yml extends 'b' in c.yml\n"},
    {"over several files",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    extends: {file: d/o.yml, service: z}\n"
     "    image: x\n"
     "==> d/o.yml\n"
     "services:\n"
     "  z:\n"
     "    extends: {file: ../c.yml, service: a}\n",
     "c.yml", "a", NULL,
     "compose-image pulled x c.yml:4:12\n"
     "! input/syntax c.yml:3:14 services extend each other in a circle: 'z' in d/o.yml "
     "extends 'a' in c.yml extends 'z' in d/o.yml\n"},
    {"what is extended is not there",
     "==> c.yml\n"
     "services:\n"
     "  app:\n"
     "    image: x\n"
     "    extends: bose\n"
     "  base:\n"
     "    image: b\n"
     "  c:\n"
     "    image: c\n"
     "    extends: {file: no.yml, service: c}\n"
     "  d:\n"
     "    image: d\n"
     "    extends: {file: ../../x.yml, service: c}\n",
     "c.yml", "app", NULL,
     "compose-image pulled x c.yml:3:12\n"
     "compose-image pulled b c.yml:6:12\n"
     "compose-image pulled c c.yml:8:12\n"
     "compose-image pulled d c.yml:11:12\n"
     "! input/syntax c.yml:4:14 c.yml has no service 'bose' to extend; the nearest is "
     "'base'\n"
     "! input/missing-file c.yml:9:21 the compose file 'no.yml' does not exist\n"
     "! input/missing-file c.yml:12:21 the compose file '../../x.yml' leads out of the "
     "repository and was not opened\n"},
    {"include: a directory and an environment of its own",
     "==> c.yml\n"
     "include:\n"
     "- d/o.yml\n"
     "- path: e/o.yml\n"
     "  env_file: e.env\n"
     "  project_directory: f\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "==> d/o.yml\n"
     "services:\n"
     "  z:\n"
     "    image: z:${T}\n"
     "    build: .\n"
     "==> d/.env\n"
     "T=d\n"
     "==> d/Dockerfile\n"
     "FROM x\n"
     "==> e/o.yml\n"
     "services:\n"
     "  y:\n"
     "    image: y:${T}-${U}\n"
     "    build: .\n"
     "==> e.env\n"
     "T=ef\n"
     "==> .env\n"
     "U=main\n"
     "==> f/Dockerfile\n"
     "FROM y\n",
     "c.yml", "a", NULL,
     "compose-image conditional y:ef-main e/o.yml:3:12 < c.yml:3:9 (the dev container "
     "CLI builds it first; compose by itself tries to pull it)\n"
     "compose-image conditional z:d d/o.yml:3:12 < c.yml:2:3 (the dev container CLI "
     "builds it first; compose by itself tries to pull it)\n"
     "compose-image pulled x c.yml:8:12\n"
     "build pulled f/Dockerfile < e/o.yml:4:12 < c.yml:3:9\n"
     "build pulled d/Dockerfile < d/o.yml:4:12 < c.yml:2:3\n"},
    {"include: several files at once, and the outer environment wins",
     "==> c.yml\n"
     "include:\n"
     "- path: [d/o.yml, d/p.yml]\n"
     "==> .env\n"
     "T=out\n"
     "==> d/.env\n"
     "T=in\n"
     "==> d/o.yml\n"
     "services:\n"
     "  z:\n"
     "    image: one\n"
     "==> d/p.yml\n"
     "services:\n"
     "  z:\n"
     "    image: two:${T}\n",
     "c.yml", "z", NULL, "compose-image pulled two:out d/p.yml:3:12 < c.yml:2:19\n"},
    {"include: what stands here too wins",
     "==> c.yml\n"
     "include: [o.yml]\n"
     "services:\n"
     "  a:\n"
     "    image: mine\n"
     "==> o.yml\n"
     "services:\n"
     "  a:\n"
     "    image: theirs\n"
     "  b:\n"
     "    image: b\n",
     "c.yml", "a", NULL,
     "compose-image pulled mine c.yml:4:12 (an included file has this service too; "
     "earlier versions of compose refuse that)\n"
     "compose-image pulled b o.yml:5:12 < c.yml:1:11\n"},
    {"files that include each other",
     "==> c.yml\n"
     "include: [d/o.yml]\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "==> d/o.yml\n"
     "include: ['../c.yml']\n"
     "services:\n"
     "  b:\n"
     "    image: y\n",
     "c.yml", "a", NULL,
     "compose-image pulled y d/o.yml:4:12 < c.yml:1:11\n"
     "compose-image pulled x c.yml:4:12\n"
     "! input/syntax d/o.yml:1:11 compose files include each other in a circle: c.yml, "
     "d/o.yml, c.yml\n"},
    {"an included file is missing",
     "==> c.yml\n"
     "include: [no.yml]\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "    depends_on: [there]\n",
     "c.yml", "b", NULL,
     "compose-image pulled x c.yml:4:12\n"
     "! input/missing-file c.yml:1:11 the compose file 'no.yml' does not exist\n"},
    {"artifacts and git repositories lie elsewhere",
     "==> c.yml\n"
     "include:\n"
     "- oci://ghcr.io/acme/stack:1\n"
     "- https://github.com/acme/stack.git\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "    extends: {file: 'oci://ghcr.io/acme/base:${V}', service: a}\n",
     "c.yml", "a", NULL,
     "compose-artifact unresolved ghcr.io/acme/base:${V} c.yml:7:21 needs V\n"
     "compose-artifact opaque  c.yml:7:21 (the compose file lies in a registry)\n"
     "compose-artifact pulled ghcr.io/acme/stack:1 c.yml:2:3\n"
     "compose-artifact opaque  c.yml:2:3 (the compose file lies in a registry)\n"
     "compose-artifact opaque  c.yml:3:3 (the compose file lies in a git repository)\n"
     "compose-image pulled x c.yml:6:12\n"},
    {"no files: the classic names in the repository",
     "==> docker-compose.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "==> docker-compose.override.yml\n"
     "services:\n"
     "  a:\n"
     "    image: y\n"
     "==> compose.yaml\n"
     "services:\n"
     "  a:\n"
     "    image: z\n",
     "", "a", NULL, "compose-image pulled y docker-compose.override.yml:3:12\n"},
    {"no files: COMPOSE_FILE of .env",
     "==> k.yml\n"
     "services:\n"
     "  a:\n"
     "    image: k\n"
     "==> l.yml\n"
     "services:\n"
     "  b:\n"
     "    image: l\n"
     "==> .env\n"
     "COMPOSE_FILE=k.yml:l.yml\n",
     "", "a", NULL,
     "compose-image pulled k k.yml:3:12\n"
     "compose-image pulled l l.yml:3:12\n"},
    {"no files at all", "==> x\n", "", "a", NULL,
     "compose-image opaque  config:1:1 (which compose files are read depends on the "
     "machine)\n"},
    {"a file that is not there",
     "==> a.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n",
     "a.yml no.yml", "other", NULL,
     "compose-image pulled x a.yml:3:12\n"
     "! input/missing-file config:2:1 the compose file 'no.yml' does not exist\n"},
    {"a service that is not there",
     "==> c.yml\n"
     "services:\n"
     "  app:\n"
     "    image: x\n",
     "c.yml", "ap", "app db",
     "compose-image pulled x c.yml:3:12\n"
     "! input/syntax config:2:1 'service' names 'ap', which is no service of the "
     "compose files; the nearest is 'app'\n"
     "! input/syntax config:4:1 'runServices' names 'db', which is no service of the "
     "compose files\n"},
    {"an unknown key of a service, a build and the top level",
     "==> c.yml\n"
     "sevices: {}\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "    imagee: y\n"
     "    x-mine: z\n"
     "  b:\n"
     "    build: {context: ., dokerfile: D}\n"
     "==> Dockerfile\n"
     "FROM x\n",
     "c.yml", "a", NULL,
     "compose-image pulled x c.yml:4:12\n"
     "build pulled Dockerfile < c.yml:8:22\n"
     "! input/syntax c.yml:1:1 'sevices' is no key of a compose file; the nearest is "
     "'services'\n"
     "! input/syntax c.yml:5:5 'imagee' is no key of a service; the nearest is "
     "'image'\n"
     "! input/syntax c.yml:8:25 'dokerfile' is no key of a build; the nearest is "
     "'dockerfile'\n"},
    {"an image that is a number",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: 5\n"
     "  b:\n"
     "    image: yes\n",
     "c.yml", "a", NULL,
     "compose-image pulled yes c.yml:5:12\n"
     "! input/syntax c.yml:3:12 'image' is a number; a string was expected\n"},
    {"a service that is nothing",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    command: x\n"
     "  b:\n"
     "  c:\n"
     "    image: ''\n",
     "c.yml", "a", NULL,
     "! input/syntax c.yml:2:3 the service 'a' has neither 'image' nor 'build'\n"
     "! input/syntax c.yml:4:3 the service 'b' must be a mapping\n"
     "! input/syntax c.yml:5:3 the service 'c' has neither 'image' nor 'build'\n"},
    {"the format of version 1",
     "==> c.yml\n"
     "a:\n"
     "  image: x\n",
     "c.yml", "a", NULL,
     "! input/syntax c.yml:1:1 compose reads no files of version 1, with services at "
     "the top level; they were expected under 'services'\n"},
    {"an empty file",
     "==> c.yml\n"
     "# nothing\n",
     "c.yml", "a", NULL, "! input/syntax config:1:1 the compose files say nothing\n"},
    {"no mapping at all",
     "==> c.yml\n"
     "- a\n",
     "c.yml", "a", NULL,
     "! input/syntax c.yml:1:1 the top level of a compose file must be a mapping\n"},
    {"services that are a list",
     "==> c.yml\n"
     "services: [a]\n",
     "c.yml", "a", NULL, "! input/syntax c.yml:1:1 'services' must be a mapping\n"},
    {"a dependency that is not there",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "    depends_on: [dc]\n"
     "    network_mode: service:zz\n"
     "  db:\n"
     "    image: y\n",
     "c.yml", "a", NULL,
     "compose-image pulled x c.yml:3:12\n"
     "compose-image pulled y c.yml:7:12\n"
     "! input/syntax c.yml:4:18 there is no service 'dc'; the nearest is 'db'\n"
     "! input/syntax c.yml:5:19 there is no service 'zz'\n"},
    {"a context that no service builds",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    build:\n"
     "      context: .\n"
     "      additional_contexts: {s: 'service:b'}\n"
     "  b:\n"
     "    image: x\n"
     "==> Dockerfile\n"
     "FROM x\n",
     "c.yml", "a", NULL,
     "compose-image pulled x c.yml:7:12\n"
     "build pulled Dockerfile [s=service:b] < c.yml:4:16\n"
     "! input/syntax c.yml:5:32 the service 'b' builds nothing that could be a "
     "context\n"},
    {"a variable that compose refuses",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x:${TAG/a/b}\n"
     "  b:\n"
     "    image: y\n"
     "    command: echo ${}\n",
     "c.yml", "a", NULL,
     "compose-image pulled y c.yml:5:12\n"
     "! input/syntax c.yml:3:12 '${' begins no variable that compose knows; write '$$' "
     "for a dollar sign\n"
     "! input/syntax c.yml:6:14 '${' begins no variable that compose knows; write '$$' "
     "for a dollar sign\n"},
    {"a name with a variable is no name",
     "==> c.yml\n"
     "services:\n"
     "  ${S}:\n"
     "    image: x\n",
     "c.yml", "", NULL,
     "compose-image pulled x c.yml:3:12\n"
     "! input/syntax c.yml:2:3 a service's name has letters, digits, '.', '_' and '-' "
     "only; variables are not expanded in keys\n"},
    {"a merge key that brings no mapping",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    <<: x\n"
     "    image: y\n",
     "c.yml", "a", NULL,
     "compose-image pulled y c.yml:4:12\n"
     "! input/syntax c.yml:3:9 '<<' takes a mapping or a list of mappings; it was "
     "passed over\n"},
    {"a file that is not all YAML",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "  b: [\n",
     "c.yml", "z", NULL,
     "compose-image pulled x c.yml:3:12\n"
     "! input/syntax c.yml:5:1 did not find expected node content; what follows was "
     "not read\n"
     "! input/syntax c.yml:4:3 the service 'b' must be a mapping\n"},
    {"a key that stands twice",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x\n"
     "    image: y\n",
     "c.yml", "a", NULL,
     "compose-image pulled y c.yml:4:12\n"
     "! input/duplicate-key c.yml:4:5 the key 'image' stands twice; the last one "
     "counts\n"},
    {"a required variable is the machine's",
     "==> c.yml\n"
     "services:\n"
     "  a:\n"
     "    image: x:${TAG:?need}\n",
     "c.yml", "a", NULL, "compose-image unresolved x:${TAG} c.yml:3:12 needs TAG\n"},
};
