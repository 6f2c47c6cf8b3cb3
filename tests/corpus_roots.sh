# Sourced by the corpus tests, which set `corpus` and `work`.

# Where a configuration is looked for, in `root` and `configuration`: in its repository, or
# alone when it lies where none is looked for.
locate() { # its path in the corpus
    local repository inside
    repository=$corpus/$(cut -d/ -f1-2 <<<"$1")
    inside=${1#*/*/}
    root=$repository
    case $inside in
    src/*/.devcontainer*) # of a Template, whose options are read in its repository
        if [ -f "$repository/$(cut -d/ -f1-2 <<<"$inside")/devcontainer-template.json" ]; then
            configuration=$inside
            return
        fi
        ;;
    esac
    case $inside in
    .devcontainer/devcontainer.json | .devcontainer.json | .devcontainer/*/devcontainer.json)
        configuration=$inside
        ;;
    *.devcontainer/.devcontainer.json)
        root=$repository/${inside%/.devcontainer.json}
        configuration=.devcontainer.json
        ;;
    */.devcontainer/*devcontainer.json)
        root=$repository/${inside%%/.devcontainer/*}
        configuration=.devcontainer/${inside##*/.devcontainer/}
        ;;
    */.devcontainer.json)
        root=$repository/${inside%/.devcontainer.json}
        configuration=.devcontainer.json
        ;;
    *)
        root=$work/alone
        rm -rf "$root"
        mkdir -p "$root/.devcontainer"
        cp "$corpus/$1" "$root/.devcontainer/devcontainer.json"
        configuration=.devcontainer/devcontainer.json
        ;;
    esac
}
