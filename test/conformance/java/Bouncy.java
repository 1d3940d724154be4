import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.DefaultCMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.SignerId;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.bc.BcECSignerInfoVerifierBuilder;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.bc.BcECContentVerifierProviderBuilder;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Store;

/**
 * What BouncyCastle says of our signatures, tokens, status responses and lists; all files DER:
 * {@code cms SIGNATURE CONTENT}, {@code token TOKEN DATA}, {@code ocsp RESPONSE CERTIFICATE ISSUER},
 * {@code crl LIST CERTIFICATE ISSUER}. Prints a line per fact; throws when something does not hold.
 */
public final class Bouncy {
  public static void main(String[] args) throws Exception {
    byte[][] files = new byte[args.length][];
    for (int i = 1; i < args.length; i++) files[i] = Files.readAllBytes(Path.of(args[i]));
    switch (args[0]) {
      case "cms" -> cms(files[1], files[2]);
      case "token" -> token(new TimeStampToken(new CMSSignedData(files[1])), files[2]);
      case "ocsp" -> ocsp(files[1], certificate(files[2]), certificate(files[3]));
      case "crl" -> crl(files[1], certificate(files[2]), certificate(files[3]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static X509CertificateHolder certificate(byte[] der) throws Exception {
    return new X509CertificateHolder(der);
  }

  private static void cms(byte[] signature, byte[] content) throws Exception {
    CMSSignedData signed = new CMSSignedData(new CMSProcessableByteArray(content), signature);
    Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
    require(signers.size() == 1, "exactly one signer");
    SignerInformation signer = signers.iterator().next();
    X509CertificateHolder by = certificateOf(signed.getCertificates(), signer.getSID());
    require(signer.verify(verifier(by)), "signature");
    require(
        signer.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_signingCertificateV2) != null,
        "signing-certificate-v2");
    require(
        signer.getSignedAttributes().get(PKCSObjectIdentifiers.pkcs_9_at_signingTime) == null,
        "no signing-time");
    Attribute stamp =
        signer.getUnsignedAttributes().get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
    require(stamp != null && stamp.getAttrValues().size() == 1, "one signature timestamp");
    byte[] der = stamp.getAttrValues().getObjectAt(0).toASN1Primitive().getEncoded("DER");
    token(new TimeStampToken(new CMSSignedData(der)), signer.getSignature());
    System.out.println("signature valid");
  }

  private static void token(TimeStampToken token, byte[] data) throws Exception {
    // checks purpose, criticality, ESS reference and validity at genTime as well
    token.validate(verifier(certificateOf(token.getCertificates(), token.getSID())));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(data);
    require(Arrays.equals(token.getTimeStampInfo().getMessageImprintDigest(), digest), "imprint");
    System.out.println("token valid " + token.getTimeStampInfo().getGenTime().toInstant());
  }

  private static void ocsp(
      byte[] der, X509CertificateHolder certificate, X509CertificateHolder issuer)
      throws Exception {
    OCSPResp response = new OCSPResp(der);
    require(response.getStatus() == OCSPResp.SUCCESSFUL, "successful");
    BasicOCSPResp basic = (BasicOCSPResp) response.getResponseObject();
    X509CertificateHolder by = basic.getCerts().length > 0 ? basic.getCerts()[0] : issuer;
    require(by.equals(issuer) || by.isSignatureValid(provider(issuer)), "responder's certificate");
    require(basic.isSignatureValid(provider(by)), "signature");
    require(basic.getResponses().length == 2, "one answer under two names");
    boolean good = true;
    for (SingleResp single : basic.getResponses()) {
      CertificateID id = single.getCertID();
      require(id.getSerialNumber().equals(certificate.getSerialNumber()), "serial");
      require(id.matchesIssuer(issuer, new BcDigestCalculatorProvider()), "issuer");
      require(!single.getNextUpdate().after(certificate.getNotAfter()), "nextUpdate within validity");
      good &= single.getCertStatus() == CertificateStatus.GOOD;
    }
    System.out.println("status " + (good ? "good" : "not good"));
  }

  private static void crl(
      byte[] der, X509CertificateHolder certificate, X509CertificateHolder issuer)
      throws Exception {
    X509CRLHolder list = new X509CRLHolder(der);
    require(list.isSignatureValid(provider(issuer)), "signature");
    require(list.getIssuer().equals(certificate.getIssuer()), "issuer");
    boolean there = list.getRevokedCertificate(certificate.getSerialNumber()) != null;
    System.out.println("status " + (there ? "revoked" : "good"));
  }

  /** The one certificate a signer names. */
  @SuppressWarnings("unchecked") // SignerId selects by a raw type
  private static X509CertificateHolder certificateOf(Store<X509CertificateHolder> bag, SignerId id) {
    Collection<X509CertificateHolder> found = bag.getMatches(id);
    require(found.size() == 1, "one certificate for the signer");
    return found.iterator().next();
  }

  private static ContentVerifierProvider provider(X509CertificateHolder by) throws Exception {
    return new BcECContentVerifierProviderBuilder(new DefaultDigestAlgorithmIdentifierFinder())
        .build(by);
  }

  private static SignerInformationVerifier verifier(X509CertificateHolder by) throws Exception {
    return new BcECSignerInfoVerifierBuilder(
            new DefaultCMSSignatureAlgorithmNameGenerator(),
            new DefaultSignatureAlgorithmIdentifierFinder(),
            new DefaultDigestAlgorithmIdentifierFinder(),
            new BcDigestCalculatorProvider())
        .build(by);
  }

  private static void require(boolean holds, String what) {
    if (!holds) throw new IllegalStateException(what);
  }
}
