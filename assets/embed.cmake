# Writes OUTPUT, a C file that holds report.css and report.js of ASSETS, and of each the
# hash by which a page's Content-Security-Policy knows it: "sha256-" and base64.
cmake_minimum_required(VERSION 3.25)

set(DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

# The base64 form of 32 bytes in hexadecimal: ten times three bytes, and two.
function(to_base64 RESULT HEX)
  set(TEXT "")
  foreach(GROUP RANGE 0 10)
    math(EXPR AT "${GROUP} * 6")
    string(SUBSTRING "${HEX}00" ${AT} 6 BYTES)
    foreach(SHIFT 18 12 6 0)
      math(EXPR DIGIT "(0x${BYTES} >> ${SHIFT}) & 63")
      string(SUBSTRING "${DIGITS}" ${DIGIT} 1 DIGIT)
      string(APPEND TEXT "${DIGIT}")
    endforeach()
  endforeach()
  string(SUBSTRING "${TEXT}" 0 43 TEXT)
  set(${RESULT} "${TEXT}=" PARENT_SCOPE)
endfunction()

set(OUT "#include \"report/html_parts.h\"\n")
foreach(FILE report.css report.js)
  file(READ ${ASSETS}/${FILE} BYTES HEX)
  file(SHA256 ${ASSETS}/${FILE} HASH)
  to_base64(HASH "${HASH}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," LIST "${BYTES}")
  string(REPLACE "report." "html_" NAME "${FILE}")
  string(APPEND OUT "\nstatic const unsigned char ${NAME}_bytes[] = {${LIST}0x00};\n"
         "const HtmlAsset ${NAME} = {(const char *)${NAME}_bytes, sizeof(${NAME}_bytes) - 1,\n"
         "                           \"sha256-${HASH}\"};\n")
endforeach()
file(WRITE ${OUTPUT} "${OUT}")
