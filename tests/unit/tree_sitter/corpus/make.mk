CC := gcc
all: a.o
	echo
.PHONY: clean
clean:
	rm a.o
define HELP
text
endef
