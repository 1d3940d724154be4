import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRL;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What OpenJDK's own path validation (RFC 5280) says of our certificates, with nothing but files:
 * {@code Pkix AT none|ocsp|crl STATUS ROOT LEAF [AUTHORITY...]}, all DER. Prints {@code valid} or the reason.
 */
public final class Pkix {
  public static void main(String[] args) throws Exception {
    CertificateFactory x509 = CertificateFactory.getInstance("X.509");
    Date at = Date.from(Instant.parse(args[0]));
    String mode = args[1];
    List<X509Certificate> certificates =
        Arrays.stream(args).skip(3).map(name -> read(x509, name)).toList();
    List<X509Certificate> path = certificates.subList(1, certificates.size());
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(certificates.get(0), null)));
    parameters.setDate(at);
    CertPathValidator validator = CertPathValidator.getInstance("PKIX");
    parameters.setRevocationEnabled(!mode.equals("none"));
    if (!mode.equals("none")) {
      byte[] status = Files.readAllBytes(Path.of(args[2]));
      PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
      Set<Option> options = EnumSet.of(Option.ONLY_END_ENTITY, Option.NO_FALLBACK);
      if (mode.equals("ocsp")) checker.setOcspResponses(Map.of(path.get(0), status));
      else {
        options.add(Option.PREFER_CRLS);
        CRL list = x509.generateCRL(new ByteArrayInputStream(status));
        parameters.addCertStore(
            CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(list))));
      }
      checker.setOptions(options);
      parameters.addCertPathChecker(checker);
    }
    CertPath chain = x509.generateCertPath(path);
    try {
      validator.validate(chain, parameters);
      System.out.println("valid");
    } catch (CertPathValidatorException refused) {
      System.out.println(refused.getReason() + " " + refused.getIndex());
    }
  }

  private static X509Certificate read(CertificateFactory x509, String name) {
    try (var in = Files.newInputStream(Path.of(name))) {
      return (X509Certificate) x509.generateCertificate(in);
    } catch (Exception broken) {
      throw new IllegalArgumentException(name, broken);
    }
  }
}
