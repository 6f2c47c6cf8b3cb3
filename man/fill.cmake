# Puts the commands and options that the program itself lists into its manual page.
execute_process(COMMAND ${BERTH} dump manual OUTPUT_VARIABLE COMMANDS COMMAND_ERROR_IS_FATAL ANY)
string(STRIP "${COMMANDS}" COMMANDS)
configure_file(${INPUT} ${OUTPUT} @ONLY)
