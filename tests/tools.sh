# What tests/run and tests/measure install for themselves, pinned, under tests/.tools. Sourced, from the project's root.

readonly TOOLS=$PWD/tests/.tools

# install_python NAME PINNED: the packages that PINNED lists, in an environment of their own.
install_python() {
    local folder=$TOOLS/$1 pinned=$2
    if ! cmp -s "$pinned" "$folder/requirements.txt"; then
        rm -rf "$folder"
        python3 -m venv "$folder"
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-virtualenv -r "$pinned"
        cp "$pinned" "$folder/requirements.txt"
    fi
}

# install_node FOLDER: the packages that the lock file in FOLDER names, there.
install_node() {
    local folder=$1
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then
        npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
        cp "$folder/package-lock.json" "$folder/node_modules/.installed"
    fi
}
