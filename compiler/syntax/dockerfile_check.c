#include "syntax/dockerfile_check.h"

typedef enum FlagKind { FLAG_BOOLEAN, FLAG_ONE, FLAG_MANY } FlagKind;

typedef struct FlagRule {
    Text name; /* empty: the end of the list */
    FlagKind kind;
} FlagRule;

static const FlagRule no_flags[] = {{{NULL, 0}, FLAG_ONE}};
static const FlagRule add_flags[] = {
    {TEXT_INIT("chown"), FLAG_ONE},    {TEXT_INIT("chmod"), FLAG_ONE},
    {TEXT_INIT("link"), FLAG_BOOLEAN}, {TEXT_INIT("keep-git-dir"), FLAG_BOOLEAN},
    {TEXT_INIT("checksum"), FLAG_ONE}, {TEXT_INIT("unpack"), FLAG_BOOLEAN},
    {TEXT_INIT("exclude"), FLAG_MANY}, {{NULL, 0}, FLAG_ONE},
};
static const FlagRule copy_flags[] = {
    {TEXT_INIT("chown"), FLAG_ONE},
    {TEXT_INIT("from"), FLAG_ONE},
    {TEXT_INIT("chmod"), FLAG_ONE},
    {TEXT_INIT("link"), FLAG_BOOLEAN},
    {TEXT_INIT("exclude"), FLAG_MANY},
    {TEXT_INIT("parents"), FLAG_BOOLEAN},
    {{NULL, 0}, FLAG_ONE},
};
static const FlagRule from_flags[] = {{TEXT_INIT("platform"), FLAG_ONE},
                                      {{NULL, 0}, FLAG_ONE}};
static const FlagRule health_flags[] = {
    {TEXT_INIT("interval"), FLAG_ONE},     {TEXT_INIT("timeout"), FLAG_ONE},
    {TEXT_INIT("start-period"), FLAG_ONE}, {TEXT_INIT("start-interval"), FLAG_ONE},
    {TEXT_INIT("retries"), FLAG_ONE},      {{NULL, 0}, FLAG_ONE},
};
static const FlagRule run_flags[] = {
    {TEXT_INIT("mount"), FLAG_MANY},
    {TEXT_INIT("network"), FLAG_ONE},
    {TEXT_INIT("security"), FLAG_ONE},
    {TEXT_INIT("device"), FLAG_MANY},
    {{NULL, 0}, FLAG_ONE},
};

typedef struct Rule {
    OperandForm form;
    uint32_t min;          /* words */
    const FlagRule *flags; /* NULL: BuildKit does not look at them */
    bool has_heredocs;
} Rule;

/* By kind. A new instruction is one row here and one in INSTRUCTION_KINDS. */
static const Rule rules[] = {
    [INSTRUCTION_UNKNOWN] = {OPERANDS_NONE, 0, NULL, false},
    [INSTRUCTION_ADD] = {OPERANDS_LIST, 2, add_flags, true},
    [INSTRUCTION_ARG] = {OPERANDS_QUOTED, 1, NULL, false},
    [INSTRUCTION_CMD] = {OPERANDS_TEXT, 0, no_flags, false},
    [INSTRUCTION_COPY] = {OPERANDS_LIST, 2, copy_flags, true},
    [INSTRUCTION_ENTRYPOINT] = {OPERANDS_TEXT, 0, no_flags, false},
    [INSTRUCTION_ENV] = {OPERANDS_QUOTED, 1, no_flags, false},
    [INSTRUCTION_EXPOSE] = {OPERANDS_WORDS, 1, no_flags, false},
    [INSTRUCTION_FROM] = {OPERANDS_WORDS, 0, from_flags, false},
    [INSTRUCTION_HEALTHCHECK] = {OPERANDS_HEALTH, 1, health_flags, false},
    [INSTRUCTION_LABEL] = {OPERANDS_QUOTED, 1, no_flags, false},
    [INSTRUCTION_MAINTAINER] = {OPERANDS_STRING, 1, no_flags, false},
    [INSTRUCTION_ONBUILD] = {OPERANDS_TRIGGER, 0, no_flags, false},
    [INSTRUCTION_RUN] = {OPERANDS_TEXT, 0, run_flags, true},
    [INSTRUCTION_SHELL] = {OPERANDS_TEXT, 1, no_flags, false},
    [INSTRUCTION_STOPSIGNAL] = {OPERANDS_STRING, 1, NULL, false},
    [INSTRUCTION_USER] = {OPERANDS_STRING, 1, no_flags, false},
    [INSTRUCTION_VOLUME] = {OPERANDS_LIST, 1, no_flags, false},
    [INSTRUCTION_WORKDIR] = {OPERANDS_STRING, 1, no_flags, false},
};

OperandForm instruction_form(InstructionKind kind)
{
    return rules[kind].form;
}

bool instruction_has_heredocs(InstructionKind kind)
{
    return rules[kind].has_heredocs;
}

static Text say(const OperandReader *operands, const char *what)
{
    Text name = instruction_kind_name(operands->instruction->kind);

    return arena_format(operands->reader->arena, "%.*s %s", TEXT_ARG(name), what);
}

/* Its name is shown only when it is nearly one: anything may stand there. */
static void refuse_unknown(OperandReader *operands)
{
    Text name = operands->instruction->name, nearest = {0};
    Arena *arena = operands->reader->arena;
    uint32_t least = 3;
    bool is_word = name.len > 0 && name.len <= 16;
    char upper[16];

    for (size_t i = 0; i < name.len && is_word; i++) {
        is_word = byte_is_letter(name.at[i]);
        upper[i] = byte_to_upper(name.at[i]);
    }
    for (int kind = INSTRUCTION_UNKNOWN + 1; is_word && kind < INSTRUCTION_KIND_COUNT;
         kind++) {
        Text known = instruction_kind_name((InstructionKind)kind);
        uint32_t distance = text_distance((Text){upper, name.len}, known, 3);

        if (distance < least) {
            least = distance;
            nearest = known;
        }
    }
    Text message = TEXT("what stands here is no instruction");
    if (nearest.len)
        message = arena_format(arena, "unknown instruction '%.*s', expected '%.*s'",
                               TEXT_ARG(name), TEXT_ARG(nearest));
    operand_refuse(operands, operands->instruction->name_span, message);
}

static void check_flag(OperandReader *operands, const FlagRule *rule, uint32_t index)
{
    const Instruction *instruction = operands->instruction;
    const DockerfileFlag *flag = &instruction->flags[index];

    while (rule->name.len && !text_equal(rule->name, flag->name))
        rule++;
    if (rule->name.len == 0) {
        operand_refuse(operands, flag->span, say(operands, "has no such flag"));
        return;
    }
    for (uint32_t i = 0; i < index && rule->kind != FLAG_MANY; i++) {
        if (text_equal(instruction->flags[i].name, flag->name)) {
            operand_refuse(operands, flag->span, TEXT("this flag stands twice"));
            return;
        }
    }
    if (rule->kind != FLAG_BOOLEAN) {
        if (!flag->has_value)
            operand_refuse(operands, flag->span,
                           TEXT("this flag has no value, expected '=' and a value"));
    } else if (flag->has_value &&
               !text_equal_ignoring_case(flag->value, TEXT("true")) &&
               !text_equal_ignoring_case(flag->value, TEXT("false"))) {
        operand_refuse(operands, flag->value_span, TEXT("this flag is true or false"));
    }
}

static void check_flags(OperandReader *operands)
{
    const Instruction *instruction = operands->instruction;
    const FlagRule *rule = rules[instruction->kind].flags;
    bool is_none = instruction->kind == INSTRUCTION_HEALTHCHECK &&
                   instruction->nwords &&
                   text_equal_ignoring_case(instruction->words[0].text, TEXT("NONE"));

    for (uint32_t i = 0; rule && !is_none && i < instruction->nflags; i++)
        check_flag(operands, rule, i);
}

static bool is_stage_name(Text name)
{
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.at[i];

        if (!byte_is_letter(byte) && (i == 0 || (!byte_is_digit(byte) && byte != '-' &&
                                                 byte != '_' && byte != '.')))
            return false;
    }
    return name.len > 0;
}

/* FROM image [ AS name ] ; "#" begins no comment here [D6, D16] */
static void check_from(OperandReader *operands)
{
    const Instruction *instruction = operands->instruction;

    if (instruction->nwords == 3 &&
        text_equal_ignoring_case(instruction->words[1].text, TEXT("AS"))) {
        if (!is_stage_name(instruction->words[2].text))
            operand_refuse(operands, instruction->words[2].span,
                           TEXT("this is no name for a stage, expected a letter and "
                                "letters, digits, '-', '_' or '.'"));
    } else if (instruction->nwords != 1) {
        operand_refuse(operands, instruction->span,
                       TEXT("FROM has one operand, or three with AS in the middle"));
    }
}

/* ARG name[=value]... */
static void check_arguments(OperandReader *operands)
{
    const Instruction *instruction = operands->instruction;

    for (uint32_t i = 0; i < instruction->nwords; i++) {
        if (text_starts_with(instruction->words[i].text, TEXT("=")))
            operand_refuse(operands, instruction->words[i].span,
                           TEXT("a build argument has no name"));
    }
}

/* ENV name=value... | ENV name value ; the same for LABEL */
static void check_pairs(OperandReader *operands)
{
    const Instruction *instruction = operands->instruction;

    if (instruction->nwords == 0)
        return;
    if (text_find_byte(instruction->words[0].text, '=') ==
        instruction->words[0].text.len) {
        if (instruction->nwords == 1)
            operand_refuse_file(operands, instruction->span,
                                say(operands, "has a name without a value"));
        return;
    }
    for (uint32_t i = 0; i < instruction->nwords; i++) {
        const DockerfileWord *word = &instruction->words[i];

        if (text_find_byte(word->text, '=') == word->text.len)
            operand_refuse_file(operands, word->span,
                                TEXT("'=' is missing, expected name=value"));
        else if (word->text.at[0] == '=')
            operand_refuse(operands, word->span, say(operands, "has a blank name"));
    }
}

/* HEALTHCHECK NONE | HEALTHCHECK CMD command */
static void check_health(OperandReader *operands)
{
    const Instruction *instruction = operands->instruction;

    if (instruction->nwords == 0)
        return;
    const DockerfileWord *type = &instruction->words[0];
    if (text_equal_ignoring_case(type->text, TEXT("NONE"))) {
        if (instruction->nwords > 1)
            operand_refuse(operands, instruction->span,
                           TEXT("HEALTHCHECK NONE has no operands"));
    } else if (!text_equal_ignoring_case(type->text, TEXT("CMD"))) {
        operand_refuse(operands, type->span,
                       TEXT("this is no kind of HEALTHCHECK, expected CMD or NONE"));
    } else if (instruction->nwords == 1) {
        operand_refuse(operands, instruction->span,
                       TEXT("HEALTHCHECK CMD has no command"));
    }
}

static void check_run(OperandReader *operands)
{
    const DockerfileFlag *network =
        instruction_flag(operands->instruction, TEXT("network"));
    const DockerfileFlag *security =
        instruction_flag(operands->instruction, TEXT("security"));

    if (network && !text_equal(network->value, TEXT("default")) &&
        !text_equal(network->value, TEXT("none")) &&
        !text_equal(network->value, TEXT("host")))
        operand_refuse(operands, network->span,
                       TEXT("the network is default, none or host"));
    if (security && !text_equal(security->value, TEXT("sandbox")) &&
        !text_equal(security->value, TEXT("insecure")))
        operand_refuse(operands, security->span,
                       TEXT("the security is sandbox or insecure"));
}

static void check_trigger(OperandReader *operands)
{
    const Instruction *instruction = operands->instruction;
    const Instruction *trigger = instruction->trigger;

    if (!trigger)
        operand_refuse(operands, instruction->span,
                       TEXT("ONBUILD has no instruction behind it"));
    else if (trigger->kind == INSTRUCTION_ONBUILD ||
             trigger->kind == INSTRUCTION_FROM ||
             trigger->kind == INSTRUCTION_MAINTAINER)
        operand_refuse_file(operands, trigger->name_span,
                            TEXT("this instruction cannot be a trigger of ONBUILD"));
}

void instruction_check(OperandReader *operands)
{
    const Instruction *instruction = operands->instruction;

    if (instruction->nwords < rules[instruction->kind].min)
        operand_refuse(operands, instruction->span,
                       say(operands, rules[instruction->kind].min == 1
                                         ? "has no operand"
                                         : "has no destination, expected at least two "
                                           "operands"));
    check_flags(operands);
    switch (instruction->kind) {
    case INSTRUCTION_UNKNOWN:
        refuse_unknown(operands);
        break;
    case INSTRUCTION_FROM:
        check_from(operands);
        break;
    case INSTRUCTION_ARG:
        check_arguments(operands);
        break;
    case INSTRUCTION_ENV:
    case INSTRUCTION_LABEL:
        check_pairs(operands);
        break;
    case INSTRUCTION_HEALTHCHECK:
        check_health(operands);
        break;
    case INSTRUCTION_RUN:
        check_run(operands);
        break;
    case INSTRUCTION_ONBUILD:
        check_trigger(operands);
        break;
    case INSTRUCTION_SHELL:
        if (instruction->nwords && !instruction->is_json)
            operand_refuse(operands, instruction->span,
                           TEXT("SHELL has its operands in JSON form"));
        break;
    case INSTRUCTION_ADD:
    case INSTRUCTION_CMD:
    case INSTRUCTION_COPY:
    case INSTRUCTION_ENTRYPOINT:
    case INSTRUCTION_EXPOSE:
    case INSTRUCTION_MAINTAINER:
    case INSTRUCTION_STOPSIGNAL:
    case INSTRUCTION_USER:
    case INSTRUCTION_VOLUME:
    case INSTRUCTION_WORKDIR:
    case INSTRUCTION_KIND_COUNT:
        break;
    }
}
