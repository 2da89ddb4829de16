# Functions that install tools for tests/run and tests/measure, pinned, under tests/.tools. Both programs source this
# file from the project's root.

readonly TOOLS=$PWD/tests/.tools

# install_python NAME PINNED: installs the packages that PINNED lists, in an environment of their own.
install_python() {
    local folder=$TOOLS/$1 pinned=$2
    if ! cmp -s "$pinned" "$folder/requirements.txt"; then
        rm -rf "$folder"
        python3 -m venv "$folder"
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-virtualenv -r "$pinned"
        cp "$pinned" "$folder/requirements.txt"
    fi
}

# install_node FOLDER: installs the packages that the lock file in FOLDER names, in FOLDER.
install_node() {
    local folder=$1
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then
        npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
        cp "$folder/package-lock.json" "$folder/node_modules/.installed"
    fi
}
