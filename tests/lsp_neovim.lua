-- lsp_neovim.lua: what tests/lsp.sh does in Neovim, as its user would: open a file, read
-- what is wrong, hover, apply a code action, see the diagnostic go.
--
-- BERTH is the program, WORKSPACE a copy of fixtures/demo. Prints a line a check, and
-- ends with 1 when one failed.
local berth, workspace = vim.env.BERTH, vim.env.WORKSPACE
local site = workspace .. '/repos/octo-org/site/.devcontainer/devcontainer.json'
local docs = workspace .. '/repos/octo-org/docs/.devcontainer/Dockerfile'
local failed = 0

local function check(what, holds, found)
  if not holds then failed = failed + 1 end
  io.stdout:write((holds and 'ok      ' or 'FAILED  ') .. what .. '\n')
  if not holds then io.stdout:write(vim.inspect(found) .. '\n') end
end

local function wait(condition)
  return vim.wait(20000, function() return condition() and true end, 20)
end

local function codes(buffer)
  local list = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    list[#list + 1] = diagnostic.code or diagnostic.user_data.lsp.code
  end
  table.sort(list)
  return table.concat(list, ' ')
end

local function open(path)
  vim.cmd('edit ' .. vim.fn.fnameescape(path))
  return vim.api.nvim_get_current_buf()
end

local client
local exit
local function attach(buffer)
  if not client then
    client = vim.lsp.start_client({
      name = 'berth',
      cmd = { berth, 'lsp', '--today', '2026-01-01' },
      root_dir = workspace,
      on_exit = function(code) exit = code end,
    })
  end
  vim.lsp.buf_attach_client(buffer, client)
end

local buffer = open(site)
attach(buffer)
local leak = 'leak/public-repo-nonpublic-image'
check('the finding is shown on opening', wait(function() return codes(buffer) == leak end), codes(buffer))
local diagnostic = vim.diagnostic.get(buffer)[1]
check('where the image is named', diagnostic and diagnostic.lnum == 3 and diagnostic.col == 11 and diagnostic.end_col == 36, diagnostic)
check('as an error of berth', diagnostic and diagnostic.severity == vim.diagnostic.severity.ERROR and diagnostic.source == 'berth', diagnostic)
check('and files that are not open have theirs', wait(function()
  return #vim.diagnostic.get(vim.fn.bufadd(docs)) == 2
end), vim.diagnostic.get())

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 20000) or {}
  return answers[client] and answers[client].result
end

vim.api.nvim_win_set_cursor(0, { 4, 20 })
local hover = ask('textDocument/hover', vim.lsp.util.make_position_params())
check('hover shows the proof', hover and hover.contents.value:find('octo-org/base is internal  (berth/packages.yaml:3:5)', 1, true), hover)
check('and the verdict', hover and hover.contents.value:find('denied: octo-org/site pulling ghcr.io/octo-org/base:1', 1, true), hover)

-- The code action is chosen as the editor offers it, and applied by the editor.
local offered = {}
vim.ui.select = function(items, _, choose)
  for _, item in ipairs(items) do offered[#offered + 1] = item[2].title end
  choose(items[1])
end
local lines = vim.api.nvim_buf_line_count(buffer)
vim.lsp.buf.code_action()
check('a code action is applied', wait(function() return vim.api.nvim_buf_line_count(buffer) == lines + 1 end), offered)
local comment = vim.api.nvim_buf_get_lines(buffer, 3, 4, false)[1]
check('which is a comment with a reason', comment == '  // berth: ignore[' .. leak .. '] say here why this is meant to be so', comment)
check('the diagnostic goes', wait(function() return codes(buffer) == '' end), codes(buffer))
vim.cmd('silent undo')
check('and comes back with undo', wait(function() return codes(buffer) == leak end), codes(buffer))

-- Typed, character by character, a name that anyone may pull.
vim.api.nvim_win_set_cursor(0, { 4, 12 })
vim.cmd('normal! "_ct"mcr.microsoft.com/devcontainers/base:bookworm')
check('a change of the text clears it', wait(function() return codes(buffer) == '' end), codes(buffer))
vim.cmd('silent undo')
check('undone, it is there', wait(function() return codes(buffer) == leak end), codes(buffer))

-- Another file's change, not saved.
local manifest = open(workspace .. '/berth/packages.yaml')
attach(manifest)
vim.cmd('silent %s/visibility: internal/visibility: public/')
check('a manifest refreshes other files', wait(function() return codes(buffer) == '' end), codes(buffer))
vim.cmd('edit!')
check('and again when it is as before', wait(function() return codes(buffer) == leak end), codes(buffer))

vim.lsp.get_client_by_id(client).stop()
check('the server ends in order', wait(function() return exit == 0 end), exit)
io.stdout:write(failed == 0 and 'all held\n' or 'some failed\n')
vim.cmd(failed == 0 and 'qall!' or 'cquit!')
