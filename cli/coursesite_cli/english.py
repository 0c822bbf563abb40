"""The English of everything that the program says."""

from __future__ import annotations

ENGLISH = {
    "%(folder)s es de %(site)s y ahora hablas con %(own)s. Cambia con --site.": (
        "%(folder)s is of %(site)s, and you are talking to %(own)s. Change with --site."
    ),
    "%(folder)s no tiene coursesite.json. Trae antes el ejercicio: coursesite get EJERCICIO": (
        "%(folder)s has no coursesite.json. Get the exercise first: coursesite get EXERCISE"
    ),
    "%(n)d por delante.": "%(n)d ahead.",
    "%(path)s no se entiende. Bórralo y entra otra vez: coursesite login": (
        "%(path)s cannot be understood. Delete it and sign in again: coursesite login"
    ),
    "%(path)s no se entiende. Trae el ejercicio otra vez: coursesite get EJERCICIO": (
        "%(path)s cannot be understood. Get the exercise again: coursesite get EXERCISE"
    ),
    "%(path)s tiene cambios tuyos: no se toca. --force lo guarda aparte y trae lo del sitio.": (
        "%(path)s has changes of yours: left alone. --force puts it aside and gets the site's."
    ),
    "%(path)s, línea %(line)d: no es texto UTF-8. Guárdalo como UTF-8.": (
        "%(path)s, line %(line)d: not UTF-8 text. Save it as UTF-8."
    ),
    "%(site)s manda a %(to)s. Entra allí: coursesite login DIRECCIÓN": (
        "%(site)s leads to %(to)s. Sign in there: coursesite login ADDRESS"
    ),
    "%(site)s no contesta (%(why)s). ¿Está en marcha, y es esa la dirección?": (
        "%(site)s does not answer (%(why)s). Is it running, and is that its address?"
    ),
    "%(site)s no contesta; otra vez en %(s).0f s.": "%(site)s does not answer; again in %(s).0f s.",
    "%(site)s pide esperar %(s).0f s.": "%(site)s asks to wait %(s).0f s.",
    "%(title)s, en %(folder)s: lee %(statement)s, escribe en %(file)s.": (
        "%(title)s, in %(folder)s: read %(statement)s, write into %(file)s."
    ),
    "A la clave le falta %(scopes)s: no podrás hacerlo todo.": (
        "The token lacks %(scopes)s: not everything will work."
    ),
    "Aún no has entregado nada.": "You have not handed anything in yet.",
    "CARPETA": "FOLDER",
    "CURSO": "COURSE",
    "Clave: ": "Token: ",
    "Coursesite desde la terminal.": "Coursesite from the terminal.",
    "Crea una clave con los permisos «read» y «submit» en %(page)s": (
        "Make a token with the scopes “read” and “submit” at %(page)s"
    ),
    "Cuidado: %(site)s no va cifrado; por el camino se puede leer tu clave.": (
        "Careful: %(site)s is not encrypted; your token can be read on its way."
    ),
    "DIRECCIÓN": "ADDRESS",
    "Di de qué ejercicio es: --exercise EJERCICIO": "Say which exercise it is for: --exercise EXERCISE",
    "EJERCICIO": "EXERCISE",
    "En %(folder)s está ya el ejercicio %(exercise)s. Elige otra carpeta.": (
        "%(folder)s holds the exercise %(exercise)s already. Choose another folder."
    ),
    "En el sitio hay otra versión, más nueva. --force pone la tuya y deja aquella en el historial.": (
        "The site has another version, a newer one. --force puts yours there and that one into the history."
    ),
    "Entorno %(runtime)s; límites de cada grupo: %(limits)s.": (
        "Runtime %(runtime)s; limits of each group: %(limits)s."
    ),
    "Entra otra vez: coursesite login": "Sign in again: coursesite login",
    "Enviado. Míralo con: coursesite show %(id)s": "Sent. See it with: coursesite show %(id)s",
    "Eso no es una clave. Crea una en %(page)s": "That is no token. Make one at %(page)s",
    "Esta máquina ya no tiene tu clave de %(site)s. Si la copiaste a otra parte, revócala en %(page)s": (
        "This machine has your token of %(site)s no more. If you copied it elsewhere, revoke it at %(page)s"
    ),
    "FICHERO": "FILE",
    "Fallo del sitio (%(status)d), no tuyo. No se pierde nada: prueba dentro de un rato.": (
        "A fault of the site (%(status)d), not yours. Nothing is lost: try again in a while."
    ),
    "Grupo %(n)d de %(total)d · %(title)s": "Group %(n)d of %(total)d · %(title)s",
    "Guardado como borrador en el sitio. Sigue en el navegador cuando quieras.": (
        "Saved on the site as your draft. Go on in the browser whenever you like."
    ),
    "Hola, %(name)s. Has entrado en %(site)s.": "Hello, %(name)s. You are signed in to %(site)s.",
    "Interrumpido mientras se enviaba. Repite la orden: si llegó, no se envía dos veces.": (
        "Interrupted while sending. Say it again: if it arrived, it is not sent twice."
    ),
    "La entrega sigue y cuenta. Míralo luego con: coursesite show %(id)s": (
        "What you handed in goes on and counts. See it later with: coursesite show %(id)s"
    ),
    "La prueba ya había acabado: coursesite show %(id)s": "The run had ended already: coursesite show %(id)s",
    "Lo que contesta en %(site)s no es Coursesite.": "What answers at %(site)s is not Coursesite.",
    "Lo que había queda en %(path)s.": "What was there is now in %(path)s.",
    "Lo que imprimió tu código:": "What your code printed:",
    "Mira: %(prog)s --help": "See: %(prog)s --help",
    "No estás en ningún curso. Empieza uno en %(site)s/": "You are in no course. Begin one at %(site)s/",
    "No habías entrado en %(site)s.": "You were not signed in to %(site)s.",
    "No has entrado en %(site)s. Entra con: coursesite login %(site)s": (
        "You are not signed in to %(site)s. Sign in with: coursesite login %(site)s"
    ),
    "No hay ningún ejercicio «%(slug)s» en tus cursos. Míralos con: coursesite list": (
        "There is no exercise “%(slug)s” in your courses. See them with: coursesite list"
    ),
    "No hay ningún fichero %(path)s.": "There is no file %(path)s.",
    "No se puede escribir %(path)s: %(why)s": "Cannot write %(path)s: %(why)s",
    "No se puede leer %(path)s: %(why)s": "Cannot read %(path)s: %(why)s",
    "No se pudo parar la prueba; acabará sola. No cuenta.": (
        "The run could not be stopped; it will end by itself. It does not count."
    ),
    "ORDEN": "COMMAND",
    "Prueba con: coursesite run %(folder)s": "Try it with: coursesite run %(folder)s",
    "Prueba parada. No cuenta.": "Run stopped. It does not count.",
    "Qué se comprueba": "What is checked",
    "Se perdió el contacto; la corrección sigue. Míralo luego con: coursesite show %(id)s": (
        "Contact was lost; the grading goes on. See it later with: coursesite show %(id)s"
    ),
    "Sitio [%(site)s]: ": "Site [%(site)s]: ",
    "Unos %(s)s s.": "About %(s)s s.",
    "abre en el navegador la página de las claves": "open the page of tokens in the browser",
    "aunque allí haya otra más nueva": "even if there is a newer one",
    "cancelada": "cancelled",
    "corregida": "graded",
    "cuántas": "how many",
    "demasiada salida": "too much output",
    "divergió": "diverged",
    "ejecutando": "running",
    "el código inicial, aunque tengas borrador": "the starter, even if you have a draft",
    "el curso, si el ejercicio está en varios": "the course, if the exercise is in several",
    "el idioma de los mensajes; si no, el de LANG": "the language of messages; else that of LANG",
    "el sitio": "the site",
    "el sitio; si no, COURSESITE_SITE o el último": "the site; else COURSESITE_SITE or the last one",
    "empezado": "begun",
    "en cola": "queued",
    "entra en un sitio con una clave suya": "sign in to a site with a token of it",
    "entrega %(n)d": "submission %(n)d",
    "entrega": "hand in",
    "esta ayuda": "this help",
    "excepción": "exception",
    "fallo nuestro": "our fault",
    "fichero o carpeta; «-» es la entrada": "file or folder; “-” is the input",
    "figura": "figure",
    "guarda aparte lo que cambiaste y trae lo del sitio": "put aside what you changed and get the site's",
    "guarda la solución como borrador en el sitio": "save the solution on the site as your draft",
    "la versión": "the version",
    "lee la clave de la entrada": "read the token from the input",
    "memoria agotada": "out of memory",
    "no ejecutado": "not run",
    "no esperes el resultado": "do not wait for the result",
    "no permitido": "forbidden",
    "olvida la clave del sitio": "forget the token of the site",
    "opciones": "options",
    "paso": "step",
    "presupuesto agotado": "over budget",
    "prueba": "run",
    "prueba las comprobaciones visibles": "try the visible checks",
    "qué": "what",
    "resultado incorrecto": "wrong result",
    "se ve al probar": "seen when you run",
    "si la carpeta no lo recuerda": "if the folder does not remember it",
    "si no, el de esta carpeta o todos": "else that of this folder, or all",
    "si no, esta": "else this one",
    "si no, la más nueva": "else the newest",
    "si no, una con su nombre": "else one with its name",
    "sin empezar": "not begun",
    "solo lo que no has superado": "only what you have not passed",
    "su código": "its source",
    "superado": "passed",
    "tiempo agotado": "out of time",
    "trae un ejercicio a una carpeta": "get an exercise into a folder",
    "tus cursos y sus ejercicios": "your courses and their exercises",
    "tus entregas y pruebas": "your submissions and runs",
    "una entrega; si aún se corrige, en directo": "one submission; live, while it is graded",
    "una respuesta en JSON, para programas": "an answer in JSON, for programs",
    "uso: ": "usage: ",
    "valor no válido": "bad value",
    "«%(slug)s» está en varios cursos: %(courses)s. Elige uno con --course.": (
        "“%(slug)s” is in several courses: %(courses)s. Choose one with --course."
    ),
    "«%(text)s» no es la dirección de un sitio.": "“%(text)s” is not the address of a site.",
    "órdenes": "commands",
}
